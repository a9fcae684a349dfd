import { signInWithPassword } from "../../client/src/index.ts";
import { awaitMail } from "../mail/read-mails.ts";
import { nextStep, totpCode } from "./authenticator-app.ts";
import { guessPasswords } from "./guess-passwords.ts";
import { makePerson } from "./person.ts";
import { eventually } from "./scene.ts";
import type { Step } from "./step.ts";

/** A hosting network far from Ann's, with a tool that calls itself by its name. */
const THIEF = {
  ip: "45.155.205.33",
  userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0",
};
const STUFFER = { ip: "185.220.101.44", userAgent: "python-requests/2.32" };

const NOT_ME = "/#/not-me/";

export const attack: Step = {
  title: "Somebody else tries Ann's account",
  run: async (world, scene) => {
    await stolenPassword(world, scene);
    await guessedPasswords(world, scene);
  },
};

const stolenPassword: Step["run"] = async ({ ann, suite, memory }, { see, hold, refused }) => {
  const thief = makePerson(suite, { name: "thief", email: ann.email, password: ann.password, place: THIEF });
  try {
    const { session } = await thief.act(() => signInWithPassword(thief, { ...ann, deviceName: "a computer" }));
    see("session", { stepUpRequired: session.stepUpRequired, reasons: session.reasons });
    hold("the right password from a new country, network and device demands a second factor", session.stepUpRequired);
    const words = session.reasons.join(" ").toLowerCase();
    hold(
      "and says why: country, network, device",
      ["country", "network", "device"].every((word) => words.includes(word)),
    );
    const document = { collection: "profiles", params: { uid: memory.uid ?? "" } };
    await refused("until then the thief reads nothing", "request/step-up-required", () =>
      thief.call("encryption-document-read", document),
    );
    // Ann has had other mails: each link undoes what its own mail is about.
    const isNotice = ({ subject }: { subject: string }) => subject === "Unusual sign-in to your account";
    const mail = await awaitMail(suite, { to: ann.email, like: isNotice, withinMs: 120_000 });
    see("mail to Ann", mail.subject);
    const link = mail.links.find((one) => one.includes(NOT_ME)) ?? "";
    const { ended } = await ann.call("identity-notice-deny", { token: link.split(NOT_ME)[1] ?? "" });
    hold("Ann is told by mail, and says that it was not her", ended);
    await refused("which ends the thief's session at once", "request/session-revoked", () =>
      thief.call("identity-security-read", {}),
    );
  } finally {
    await thief.close();
  }
};

const guessedPasswords: Step["run"] = async (
  { ann, operator, receiver, observe, suite, memory },
  { see, hold, refused },
) => {
  const operatorCode = async () => {
    const step = await nextStep(memory.operatorStep ?? 0);
    memory.operatorStep = step;
    return { method: "totp", code: totpCode(memory.operatorSecret ?? "", step) } as const;
  };
  const webhook = await operator.call("incidents-webhook-register", { url: receiver.url }, await operatorCode());
  receiver.trust(webhook.secret);
  const startedAt = Date.now();
  await guessPasswords(observe, { project: suite.project, email: ann.email, from: STUFFER, count: 12 });
  const incident = await eventually("an incident", async () =>
    (await operator.call("incidents-incident-list", {})).incidents.find(
      (one) => one.uids.includes(memory.uid ?? "") && one.rule.includes("password"),
    ),
  );
  see("incident", {
    title: incident.title,
    severity: incident.severity,
    state: incident.state,
    afterMs: Date.now() - startedAt,
  });
  hold("a burst of wrong passwords opens an incident", incident.findings >= 1);
  await eventually("containment", async () => {
    const { timeline } = await operator.call("incidents-incident-read", { id: incident.id });
    return timeline.find((entry) => entry.kind === "containment");
  });
  const stuffer = makePerson(suite, { name: "stuffer", email: ann.email, password: ann.password, place: STUFFER });
  try {
    await refused(
      "the guesser's network is blocked for Ann's account, even with the right password",
      "identity/sign-in-refused",
      () => stuffer.act(() => signInWithPassword(stuffer, { ...ann, deviceName: "script" })),
    );
    hold("and the client does not look signed in without a session", stuffer.auth.currentUser === null);
  } finally {
    await stuffer.close();
  }
  const told = await eventually("the webhook", () =>
    Promise.resolve(receiver.received.find((one) => JSON.stringify(one.body).includes(incident.id))),
  );
  see("webhook", told.body);
  hold("the webhook arrived and its signature verified with the receiver's own library", told.verified);
  hold("the same message with one byte more was refused", told.forgeryRefused);
};
