import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { serveFunctions, type Answer, type Served } from "./served.ts";
import { COLUMNS, fit, HOLDERS, OPEN_COLUMNS, REACHED, ROLE_NAMES, withFactor } from "./cells.ts";
import { mineUseCases } from "./mines.ts";
import { revoke, signIn, type Tokens } from "./persons.ts";
import { rows, type Row } from "./rows.ts";
import { DomainError } from "../../functions/src/kernel/errors.js";
import { bindGate } from "../../functions/src/platform/gate-ports.js";
import { PERMISSIONS, ROLES } from "../../functions/src/platform/roles.js";

/** In no answer, ever: it stands for whatever a caller sends. */
const SURPRISE = "surprise-value-51d7";
const MINED = "test/mined";

let served: Served;

beforeAll(async () => {
  served = await serveFunctions();
  // A call that passes the gate touches a mine: it changes nothing, and its answer says that it passed.
  mineUseCases(() => new DomainError({ code: MINED, status: "aborted", message: "Mined." }));
  bindGate({
    record: () => Promise.resolve(),
    methods: (uid) => Promise.resolve(withFactor.has(uid) ? ["totp", "backup-code"] : []),
    stepUp: () => Promise.reject(new Error("no call here brings a second factor")),
    observe: () => Promise.reject(new Error("no call here comes from elsewhere")),
    sessionStolen: () => Promise.resolve(),
  });
});
afterAll(() => served.close());

// Some answer from a table or refuse what they were sent before they touch a mine: what no gate says, a use case said.
const outcome = ({ code = "", http }: Answer): string =>
  code === MINED || http === 200 || /^(?!request\/)[a-z]+\//.test(code) ? REACHED : code;

const call = ({ id, sample }: Row, person?: Tokens, extra: object = {}): Promise<Answer> =>
  served.call(id, { ...sample, ...extra }, person);

describe.each(rows)("$id", (row) => {
  test("answers everybody as its policy says", async () => {
    const columns = row.policy.session === "public" ? OPEN_COLUMNS : COLUMNS;
    const got = await Promise.all(
      columns.map(async ({ who, comes }) => [who, outcome(await call(row, await comes(row)))]),
    );
    const wanted = columns.map(({ who, answer }) => [who, answer(row.policy)]);
    expect(Object.fromEntries(got)).toEqual(Object.fromEntries(wanted));
  });

  test("names an unknown field and repeats nothing of what was sent", async () => {
    const answer = await call(row, await signIn(fit(row)), { surprise: SURPRISE });
    expect(answer).toMatchObject({ http: 400, code: "request/malformed", error: { status: "INVALID_ARGUMENT" } });
    expect(answer.error?.details?.faults).toEqual([{ field: "surprise", message: "Unknown field." }]);
    expect(answer.text).not.toContain(SURPRISE);
  });
});

describe.each(rows.filter(({ policy }) => policy.session === "strict"))("$id, which is strict,", (row) => {
  test("sees a revocation at once", async () => {
    const person = await signIn(fit(row));
    expect(outcome(await call(row, person))).toBe(REACHED);
    await revoke(person);
    expect(await call(row, person)).toMatchObject({ http: 401, code: "request/session-revoked" });
  });
});

describe("a refusal says what is missing", () => {
  const asked = async (session: Parameters<typeof signIn>[0]): Promise<Tokens> => {
    const person = await signIn(session);
    withFactor.add(person.uid);
    return person;
  };
  const where = (fits: (row: Row) => boolean): Row => rows.find(fits)!;

  test("the level of assurance", async () => {
    const row = where(({ policy }) => policy.assurance === 2);
    const { error } = await call(row, await signIn({ ...fit(row), aal: 1 }));
    expect(error?.details).toEqual({ code: "request/assurance-too-low", needed: 2, has: 1 });
  });

  test("the scope, the methods and the reasons of a second factor", async () => {
    const row = where(({ policy }) => policy.stepUp !== undefined);
    const { error } = await call(
      row,
      await asked({ ...fit(row), stepUpRequired: true, riskReasons: ["A new country"], stepUp: {} }),
    );
    const code = "request/step-up-required";
    expect(error?.details).toEqual({
      code,
      scope: row.policy.stepUp,
      methods: ["totp", "backup-code"],
      reasons: ["A new country"],
    });
  });
});

/** Rows whose policy opens or closes a door for everybody. Written down twice on purpose. */
describe("the list of calls that", () => {
  const ids = (fits: (policy: Row["policy"]) => boolean) =>
    rows
      .filter(({ policy }) => fits(policy))
      .map(({ id }) => id)
      .sort();

  test("need no session has one entry", () => {
    expect(ids(({ session }) => session === "none")).toEqual(["identity-session-start"]);
  });

  test("a risky sign-in may make is: prove oneself, leave, look at one's own security", () => {
    expect(ids(({ whileStepUpRequired }) => whileStepUpRequired === true)).toEqual([
      "identity-backup-verify",
      "identity-mailcode-send",
      "identity-mailcode-verify",
      "identity-passkey-challenge",
      "identity-passkey-verify",
      "identity-recovery-cancel",
      "identity-recovery-finish",
      "identity-recovery-read",
      "identity-recovery-start",
      "identity-security-read",
      "identity-session-end",
      "identity-session-rotate",
      "identity-totp-verify",
    ]);
  });

  test("nobody need be signed in for is: the ways to sign in or up, and links from mails", () => {
    expect(ids(({ session }) => session === "public")).toEqual([
      "identity-mailcode-begin",
      "identity-mailcode-finish",
      "identity-notice-deny",
      "identity-passkey-begin",
      "identity-passkey-finish",
      "identity-password-confirm",
      "identity-password-signin",
      "identity-password-signup",
      "identity-recovery-disown",
    ]);
  });

  test("want a fresh second factor is: open the vault, change factors, addresses, roles or receivers, end others' sessions, disclose everything, end the account", () => {
    expect(ids(({ stepUp }) => stepUp !== undefined)).toEqual([
      "encryption-vault-approve",
      "encryption-vault-deny",
      "encryption-vault-open",
      "encryption-vault-request",
      "identity-address-add",
      "identity-address-remove",
      "identity-backup-regenerate",
      "identity-device-trust",
      "identity-email-change",
      "identity-email-confirm",
      "identity-passkey-enrol",
      "identity-passkey-remove",
      "identity-password-change",
      "identity-receiver-register",
      "identity-receiver-remove",
      "identity-reset-approve",
      "identity-reset-request",
      "identity-role-approve",
      "identity-role-grant",
      "identity-role-refuse",
      "identity-role-revoke",
      "identity-session-expel",
      "identity-totp-enrol",
      "identity-totp-remove",
      "privacy-erasure-request",
      "privacy-export-request",
      "privacy-export-status",
    ]);
  });

  test("change what protects others want assurance 2", () => {
    expect(ids(({ permission, session }) => permission === "security.respond" && session === "strict")).toEqual(
      ids(({ permission }) => permission === "security.respond"),
    );
    expect(
      rows.filter(({ policy }) => policy.permission === "security.respond" && policy.assurance === undefined),
    ).toEqual([]);
  });
});

test("the matrix knows all roles and permissions there are", () => {
  expect(Object.keys(HOLDERS).sort()).toEqual(Object.keys(PERMISSIONS).sort());
  expect([...ROLE_NAMES].sort()).toEqual(Object.keys(ROLES).sort());
});
