import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { isFirekeepError, signInWithPassword as signIn } from "../../client/src/index.ts";
import { axe } from "../../dev/axe.ts";
import { plugInAuthenticator } from "../../dev/authenticator.ts";
import { launchBrowser } from "../../dev/browser.ts";
import { awaitMail } from "../../dev/mail/read-mails.ts";
import { makePerson } from "../../dev/story/person.ts";
import { currentStep, totpCode } from "../../dev/story/authenticator-app.ts";
import { installWhereabouts } from "../../dev/story/whereabouts.ts";
import { attachSuite } from "../../dev/suite/index.ts";
import { createAccount, PASSWORD } from "./accounts.ts";
import { openSecurity, signInWithPassword, signOut, visit, type Visit } from "./visit.ts";

const suite = attachSuite();
const open: Visit[] = [];
let browser: Browser;

beforeAll(async () => {
  installWhereabouts();
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** A browser of their own, signed in by password. */
const arrive = async (email: string): Promise<Visit> => {
  const visitor = await visit(browser, suite);
  open.push(visitor);
  await signInWithPassword(visitor, email);
  await openSecurity(visitor);
  return visitor;
};

const panel = (page: Page, id: string) => page.locator(`[aria-labelledby=${id}]`);

/** The newest code that was mailed there. */
const mailedCode = async (to: string): Promise<string> => {
  const mail = await awaitMail(suite, { to, like: ({ text }) => /\b\d{8}\b/.test(text), withinMs: 120_000 });
  return /\b\d{8}\b/.exec(mail.text)?.[0] ?? "";
};

const mailedLink = async (to: string, route: string): Promise<string> => {
  const isIt = (link: string) => link.includes(`#/${route}/`);
  const mail = await awaitMail(suite, { to, like: ({ links }) => links.some(isIt), withinMs: 120_000 });
  return mail.links.find(isIt) ?? "";
};

test("sessions are renamed, the others ended at once, and recent sign-ins shown; no violation of WCAG AA, light or dark", async () => {
  const { email } = await createAccount(suite, "sess");
  const [first, second] = [await arrive(email), await arrive(email)];
  const sessions = panel(second.page, "sessions");
  await sessions
    .getByRole("button", { name: /^Rename the session/ })
    .first()
    .click();
  await sessions.getByLabel("New name").fill("The library");
  await sessions.getByRole("button", { name: "Save" }).click(); // waits until it can be pressed; a key is lost on a busy form
  await sessions.getByText("The library", { exact: true }).waitFor();
  await sessions.getByRole("button", { name: "End all others" }).click();
  await sessions.getByRole("button", { name: "End all others" }).waitFor({ state: "detached" });
  await first.page.reload();
  await first.page.getByLabel("Password").waitFor();
  await panel(second.page, "recent").getByText("allowed").first().waitFor();
  expect(await axe(second.page)).toEqual([]);
  await second.page.emulateMedia({ colorScheme: "dark" });
  expect(await axe(second.page)).toEqual([]);
  await sessions.getByRole("button", { name: "End all, this one too" }).click();
  await second.page.getByLabel("Password").waitFor();
  expect([...first.complaints, ...second.complaints]).toEqual([]);
}, 600_000);

test("a device is trusted after a second factor, and no longer when its owner says so", async () => {
  const { email } = await createAccount(suite, "dev");
  const { page } = await arrive(email);
  await plugInAuthenticator(page, "synced");
  const devices = panel(page, "devices");
  await devices.getByText("None.").waitFor();
  expect(await devices.getByRole("button", { name: "Trust this device" }).count()).toBe(0);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await devices.getByRole("button", { name: "Trust this device" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Use a passkey" }).click();
  await devices.getByText("this one").waitFor();
  await devices.getByRole("button", { name: /^Stop trusting/ }).click();
  await devices.getByText("None.").waitFor();
}, 600_000);

test("a mailed code signs in", async () => {
  const { email } = await createAccount(suite, "code");
  const visitor = await visit(browser, suite);
  open.push(visitor);
  const { page } = visitor;
  await page.getByRole("button", { name: "Send me a code by e-mail" }).click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Send the code" }).click();
  await page.getByLabel("Code from the mail").fill(await mailedCode(email));
  await page.getByRole("button", { name: "Sign in" }).click();
  await openSecurity(visitor);
  await signOut(visitor);
}, 600_000);

test("the link of a security mail ends somebody else's session, and only when its button is pressed", async () => {
  const { email } = await createAccount(suite, "not");
  await arrive(email);
  const place = {
    ip: "45.155.205.33",
    userAgent: "Mozilla/5.0 (Windows NT 10.0; rv:115.0) Gecko/20100101 Firefox/115.0",
  };
  const thief = makePerson(suite, { name: "thief", email, password: PASSWORD, place });
  try {
    await thief.act(() => signIn(thief, { email, password: PASSWORD, deviceName: "a computer" }));
    const link = await mailedLink(email, "not-me");
    const { page } = await arriveAt(link);
    expect(page.url()).not.toContain(link.split("/").at(-1));
    await expect(thief.call("identity-security-read", {})).resolves.toBeDefined();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "End it, this was not me" }).click();
    await page.getByText("was ended").waitFor();
    const refused = await thief.call("identity-security-read", {}).catch((error: unknown) => error);
    expect(isFirekeepError(refused, "request/session-revoked")).toBe(true);
  } finally {
    await thief.close();
  }
}, 600_000);

test("somebody who lost the authenticator app gets back in by the mailed link and the code sent to another address", async () => {
  const { email } = await createAccount(suite, "lost");
  const other = `other.${email}`;
  const { page } = await arrive(email);
  const factors = panel(page, "factors");
  await factors.getByRole("button", { name: "Set up" }).click();
  const secret = (await factors.locator("code.wrap").textContent()) ?? "";
  await factors.getByLabel("Code").fill(totpCode(secret, currentStep()));
  await factors.locator("form button[type=submit]").first().click();
  const codes = page.locator(".codes code");
  await codes.first().waitFor();
  const backup = (await codes.first().textContent()) ?? "";
  const addresses = panel(page, "addresses");
  await addresses.getByLabel("Another address").fill(other);
  await addresses.getByRole("button", { name: "Add" }).click();
  await page
    .getByRole("dialog")
    .getByLabel(/backup code/)
    .fill(backup);
  await page.keyboard.press("Enter");
  await addresses.getByText("not confirmed").waitFor();
  await addresses.getByLabel("Code from the mail").fill(await mailedCode(other));
  await addresses.getByRole("button", { name: "Confirm" }).click();
  await addresses.getByText("not confirmed").waitFor({ state: "detached" });

  await page.goto(`${suite.urls.console}/#/recover`);
  await page.getByRole("button", { name: "Mail me a link" }).click();
  await page.getByText("is on its way").waitFor();
  expect(await axe(page)).toEqual([]);
  const link = await mailedLink(email, "recover");
  const isRecovery = ({ subject, text }: { subject: string; text: string }) =>
    /recover/i.test(subject + text) && /\b\d{8}\b/.test(text);
  const { text } = await awaitMail(suite, { to: other, like: isRecovery, withinMs: 120_000 });
  await page.goto(link);
  await page.getByLabel("The authenticator app").check();
  await page.getByLabel(/mailed to your recovery address/).fill(/\b\d{8}\b/.exec(text)?.[0] ?? "");
  expect(await axe(page)).toEqual([]);
  await page.getByRole("button", { name: "Remove what is lost" }).click();
  await page.getByRole("heading", { name: "Your security" }).waitFor();
  await panel(page, "factors").getByText("not set up").waitFor();
}, 600_000);

const arriveAt = async (link: string): Promise<Visit> => {
  const visitor = await visit(browser, suite);
  open.push(visitor);
  await visitor.page.goto("about:blank"); // a link from a mail is a new page, not a change of the fragment
  await visitor.page.goto(link);
  await visitor.page.getByRole("heading", { name: "This was not you?" }).waitFor();
  return visitor;
};
