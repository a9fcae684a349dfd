import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { fit } from "../../../../test/gate/cells.js";
import { mineUseCases } from "../../../../test/gate/mines.js";
import { signIn, type Person } from "../../../../test/gate/persons.js";
import { rows, type Row } from "../../../../test/gate/rows.js";
import { serveFunctions, type Served } from "../../../../test/gate/served.js";
import { DomainError } from "../../kernel/errors.js";
import { newDevice } from "../../platform/device.fixture.js";
import { bindGate } from "../../platform/gate-ports.js";

// Every deployed function over HTTP, with signed tokens that are verified, on Firestore; use cases are mined.
const MINED = "test/mined";
const sensitive = rows.filter(({ policy }) => policy.proof === true);
const inSession = rows.filter(({ policy }) => policy.session === "strict" || policy.session === "cached");

let served: Served;
beforeAll(async () => {
  served = await serveFunctions();
  mineUseCases(() => new DomainError({ code: MINED, status: "aborted", message: "Mined." }));
  bindGate({
    record: () => Promise.resolve(),
    methods: () => Promise.resolve([]),
    stepUp: () => Promise.reject(new Error("no call here brings a second factor")),
    observe: ({ session }) => Promise.resolve(session),
    sessionStolen: () => Promise.resolve(),
  });
});
afterAll(() => served.close());

const code = async ({ id, sample }: Row, by: Parameters<Served["call"]>[2], extra: object = {}) =>
  (await served.call(id, { ...sample, ...extra }, by)).code;

test("the table has sensitive calls, in every domain that keeps or opens something", () => {
  expect(sensitive.length).toBeGreaterThan(25);
  const domains = new Set(sensitive.map(({ id }) => id.slice(0, id.indexOf("-"))));
  expect([...domains].sort()).toEqual(expect.arrayContaining(["identity", "incidents", "privacy"]));
});

describe.each(sensitive)("$id, which is sensitive,", (row) => {
  test("opens to its owner, and not to whoever has the ID token, or the session's secret beside it", async () => {
    const owner: Person = await signIn(fit(row));
    const { idToken } = owner;
    const { secret } = owner.device;
    expect(await code(row, { idToken })).toBe("request/proof-required");
    // The secret alone goes nowhere but into a proof, and a proof needs the key.
    expect(await code(row, { idToken, device: newDevice(), proof: { secret } })).toBe("request/proof-rejected");
    const forged = { secret, header: { jwk: owner.device.jwk } };
    expect(await code(row, { idToken, device: newDevice(), proof: forged })).toBe("request/proof-rejected");
    expect([MINED, undefined]).toContain(await code(row, owner));
  });
});

test("a session that is bound opens no call at all to its ID token alone, ordinary or not", async () => {
  const answers = await Promise.all(
    inSession.map(async (row) => [row.id, await code(row, { idToken: (await signIn(fit(row))).idToken })]),
  );
  expect(answers.filter(([, answer]) => answer !== "request/proof-required")).toEqual([]);
});
