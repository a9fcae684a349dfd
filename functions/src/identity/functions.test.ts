import { afterAll, describe, expect, test } from "@jest/globals";
import functionsTest from "firebase-functions-test";
import { identityApi } from "./api.js";
import * as functions from "./functions.js";
import { runOf } from "./identity.fixture.js";

const { wrap, cleanup } = functionsTest();
afterAll(cleanup);

const { beforecreate, beforesignin, beforesms } = functions.user;
// Both hand the event to the handler as it is given: neither makes one up.
const ways: [string, (event: object) => Promise<unknown>][] = [
  [".run()", runOf(beforecreate)],
  ["firebase-functions-test's wrap()", wrap(beforecreate as never) as (event: object) => Promise<unknown>],
];

const eventType = "providers/cloud.auth/eventTypes/user.beforeCreate:password";

describe.each(ways)("beforecreate by %s", (_name, create) => {
  test("refuses a disposable address with a public sentence and a code", async () => {
    await expect(create({ eventType, data: { uid: "u", email: "x@mailinator.com" } })).rejects.toMatchObject({
      code: "invalid-argument",
      message: "Sign up with a lasting e-mail address: disposable ones are not accepted.",
      details: { code: "identity/address-refused" },
    });
  });

  test("lets a lasting address pass, and changes nothing about the account", async () => {
    await expect(create({ eventType, data: { uid: "u", email: "ann@example.org" } })).resolves.toBeUndefined();
  });
});

describe("what is deployed", () => {
  test("every trigger runs under identity's own account, in the configured region, before the right moment", () => {
    const endpoints = [beforecreate, beforesignin, beforesms].map(
      (trigger) =>
        (trigger as unknown as { __endpoint: { blockingTrigger: { eventType: string }; serviceAccountEmail: string } })
          .__endpoint,
    );
    expect(endpoints.map((endpoint) => endpoint.blockingTrigger.eventType)).toEqual([
      "providers/cloud.auth/eventTypes/user.beforeCreate",
      "providers/cloud.auth/eventTypes/user.beforeSignIn",
      "providers/cloud.auth/eventTypes/user.beforeSendSms",
    ]);
    for (const endpoint of endpoints) {
      expect(endpoint).toMatchObject({ serviceAccountEmail: "fn-identity@", region: ["europe-west1"] });
    }
  });

  // firebase-tools 15 registers every trigger that is not before an account's creation as the one before a sign-in.
  test("the trigger before a sign-in comes after the one before a message", () => {
    const names = Object.keys(functions.user);
    expect(names.indexOf("beforesignin")).toBeGreaterThan(names.indexOf("beforesms"));
  });

  test("every row of the API table is a function under its own name", () => {
    const groups = functions as unknown as Record<string, Record<string, unknown>>;
    for (const key of Object.keys(identityApi)) {
      const [noun = "", verb = ""] = key.split("-");
      expect([key, typeof groups[noun]?.[verb]]).toEqual([key, "function"]);
    }
  });

  test("only giving a second factor, going over to the next secret, reading, recovering and leaving are allowed while one is demanded", () => {
    const open = Object.entries(identityApi).filter(([, row]) => "whileStepUpRequired" in row);
    expect(open.map(([key]) => key).sort()).toEqual([
      "backup-verify",
      "mailcode-send",
      "mailcode-verify",
      "passkey-challenge",
      "passkey-verify",
      "recovery-cancel",
      "recovery-finish",
      "recovery-read",
      "recovery-start",
      "security-read",
      "session-end",
      "session-rotate",
      "totp-verify",
    ]);
  });

  test("whatever changes how an account is opened needs a step-up, and a proof of the device key with it", () => {
    const guarded = Object.entries(identityApi).filter(([, row]) => "stepUp" in row);
    expect(guarded.map(([key]) => key).sort()).toEqual([
      "address-add",
      "address-remove",
      "backup-regenerate",
      "device-trust",
      "email-change",
      "email-confirm",
      "passkey-enrol",
      "passkey-remove",
      "password-change",
      "receiver-register",
      "receiver-remove",
      "reset-approve",
      "reset-request",
      "role-approve",
      "role-grant",
      "role-refuse",
      "role-revoke",
      "session-expel",
      "totp-enrol",
      "totp-remove",
    ]);
    expect(guarded.filter(([, row]) => !("proof" in row)).map(([key]) => key)).toEqual([]);
  });

  test("one call needs a sign-in without a session: the one that starts it", () => {
    const loose = Object.entries(identityApi).filter(([, row]) => (row.session as string) === "none");
    expect(loose.map(([key]) => key)).toEqual(["session-start"]);
  });
});

describe("what the callables take", () => {
  const accepts = (key: keyof typeof identityApi, input: unknown) => identityApi[key].input.safeParse(input).success;

  test.each([
    [{ code: "12345" }],
    [{ code: "1234567" }],
    [{ code: 123456 }],
    [{ code: "12345a" }],
    [{}],
    [{ code: "123456", extra: 1 }],
  ])("totp-verify does not take %j", (input) => expect(accepts("totp-verify", input)).toBe(false));

  test("backup-verify takes a code in any spelling, and no other length", () => {
    expect(accepts("backup-verify", { code: "01ab-cdef-ghjk-mnpq-rstv-wxyz" })).toBe(true);
    expect(accepts("backup-verify", { code: " O1ABCDEFGHJKMNPQRSTVWXYZ " })).toBe(true);
    expect(accepts("backup-verify", { code: "U1ABCDEFGHJKMNPQRSTVWXYZ" })).toBe(false);
    expect(accepts("backup-verify", { code: "01ABCDEFGHJKMNPQRSTVWXY" })).toBe(false);
  });

  test("a code's form is checked in a time that does not grow with what is typed", () => {
    const started = performance.now();
    accepts("backup-verify", { code: "0 ".repeat(10_000) });
    accepts("backup-verify", { code: `${"0 - - ".repeat(10)}!!!!` });
    expect(performance.now() - started).toBeLessThan(100);
  });
});
