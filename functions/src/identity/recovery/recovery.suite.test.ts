import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { signInWithPassword } from "../../../../client/src/index.js";
import { awaitMail, readMails } from "../../../../dev/mail/read-mails.js";
import { currentStep, nextStep, totpCode } from "../../../../dev/story/authenticator-app.js";
import { makePerson, type Person } from "../../../../dev/story/person.js";
import { installWhereabouts } from "../../../../dev/story/whereabouts.js";
import { attachSuite } from "../../../../dev/suite/index.js";

// Through the deployed functions, the task queue and the mail receiver, as somebody who lost their telephone would.
const suite = attachSuite();
const PASSWORD = "correct horse battery staple";
const open: Person[] = [];
beforeAll(installWhereabouts);
afterAll(() => Promise.all(open.map((person) => person.close())));

const owner = async (action: string, body: object): Promise<Record<string, unknown>> => {
  const url = `${suite.urls.auth}/identitytoolkit.googleapis.com/v1/projects/${suite.project}/accounts${action}`;
  const headers = { "content-type": "application/json", authorization: "Bearer owner" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return (await response.json()) as Record<string, unknown>;
};

/** Ann with the app open, on a device of its own. */
const arrive = async (email: string, name: string): Promise<Person> => {
  const place = {
    ip: "84.208.20.9",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
  };
  const person = makePerson(suite, { name: `${name}-${email}`, email, password: PASSWORD, place });
  open.push(person);
  await person.act(() => signInWithPassword(person, { email, password: PASSWORD, deviceName: name }));
  return person;
};

const code = ({ text }: { text: string }): string | undefined => /\b\d{8}\b/.exec(text)?.[0];
const recoverLink = ({ links }: { links: readonly string[] }): string | undefined =>
  links.find((link) => link.includes("#/recover/"));

test("somebody who lost their telephone comes back by link and code, and the old device is out", async () => {
  const email = `lost-${String(Date.now())}@example.org`;
  const other = `other-${email}`;
  await owner("", { email, password: PASSWORD, emailVerified: true });
  const laptop = await arrive(email, "Laptop");
  const { secret } = await laptop.call("identity-totp-enrol", {});
  const step = currentStep();
  await laptop.call("identity-totp-confirm", { code: totpCode(secret, step) });
  const proof = { method: "totp", code: totpCode(secret, await nextStep(step)) } as const;
  const { challenge } = await laptop.call("identity-address-add", { email: other }, proof);
  const confirming = await awaitMail(suite, { to: other, like: (mail) => code(mail) !== undefined, withinMs: 60_000 });
  await laptop.call("identity-address-confirm", { challenge, code: code(confirming) ?? "" });

  const library = await arrive(email, "Library");
  const started = await library.call("identity-recovery-start", {});
  expect(started.second).toEqual(expect.arrayContaining(["address-code", "backup-code"]));
  const link = await awaitMail(suite, { to: email, like: (mail) => recoverLink(mail) !== undefined, withinMs: 60_000 });
  const isNew = (mail: { text: string }) => code(mail) !== undefined && code(mail) !== code(confirming);
  const mailed = await awaitMail(suite, { to: other, like: isNew, withinMs: 60_000 });
  const token = recoverLink(link)?.split("/").at(-1) ?? "";
  const second = { method: "address-code", code: code(mailed) ?? "" } as const;
  const request = { token, second, lost: { totp: true, passkeys: [] } };
  expect(await library.call("identity-recovery-finish", request)).toMatchObject({
    assurance: 1,
    scope: "identity.factors",
  });

  await expect(library.call("identity-recovery-finish", request)).rejects.toMatchObject({
    code: "identity/recovery-rejected",
  });
  await expect(laptop.call("identity-recovery-read", {})).rejects.toMatchObject({ code: "request/session-revoked" });
  // Nobody asks for the telephone any more: the recovery itself opened the factors.
  expect(await library.call("identity-totp-enrol", {})).toMatchObject({ uri: expect.stringContaining("otpauth://") });
  for (const to of [email, other])
    await awaitMail(suite, { to, like: ({ subject }) => subject.includes("was recovered"), withinMs: 60_000 });
  const everything = (await readMails(suite, { to: email })).map(({ subject }) => subject);
  expect(everything.filter((subject) => subject.includes("was started"))).toHaveLength(1);
}, 300_000);
