import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { serveFunctions, type Answer, type Served } from "./served.ts";
import { fit } from "./cells.ts";
import { logs } from "./logs.ts";
import { mineUseCases } from "./mines.ts";
import { signIn } from "./persons.ts";
import { rows, type Row } from "./rows.ts";
import { DomainError } from "../../functions/src/kernel/errors.js";
import { deps as privacy } from "../../functions/src/privacy/deps.js";

/** What an error may know and a caller may not. */
const SECRET = "secret-of-the-inside-8c1f";
/** What a caller sends and must not get back. */
const SENT = "value-that-was-sent-3e70";

let served: Served;
let thrown: () => unknown;

beforeAll(async () => {
  served = await serveFunctions();
  mineUseCases(() => thrown());
});
beforeEach(() => {
  thrown = () => new Error(SECRET, { cause: new TypeError(SECRET) });
});
afterAll(() => served.close());

const call = async (row: Row, extra: object = {}): Promise<Answer> =>
  served.call(row.id, { ...row.sample, ...extra }, await signIn(fit(row)));

// These answer from a table or refuse their sample before they call anything that could fail.
const SAFE: readonly string[] = ["detection-rule-list", "identity-role-read"];
const failing = rows.filter(({ id }) => !SAFE.includes(id));
const INTERNAL =
  '{"error":{"details":{"code":"request/internal"},"message":"Something went wrong on our side.","status":"INTERNAL"}}';

/** Keys of every object in the answer: an error body has these and no others. */
const keys = (value: unknown): string[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [key, ...keys(inner)])
    : [];

const expectNothingInside = ({ text }: Answer): void => {
  for (const inside of [SECRET, SENT, "node_modules", "functions/src", "    at ", ".ts:", ".js:"])
    expect(text).not.toContain(inside);
  for (const key of keys(JSON.parse(text))) expect(["stack", "cause", "name", "errors", "issues"]).not.toContain(key);
};

test.each(failing)("a plain error inside $id is told as ours, and nothing of it", async (row) => {
  const answer = await call(row);
  expect(answer).toMatchObject({ http: 500, text: INTERNAL });
});

describe("whatever a use case throws, the answer is the same:", () => {
  const row = rows.find(({ id }) => id === "audit-log-checkpoint")!;

  test.each<[string, () => unknown]>([
    [
      "an error that looks like a refusal",
      () => Object.assign(new Error(SECRET), { code: "permission-denied", status: 403, details: { SECRET } }),
    ],
    ["an error of gRPC", () => Object.assign(new Error(`5 NOT_FOUND: ${SECRET}`), { code: 5, details: SECRET })],
    ["an error that prints itself", () => Object.assign(new Error(SECRET), { toJSON: () => ({ SECRET }) })],
    [
      "an error whose cause is itself",
      () => {
        const error = new Error(SECRET);
        return Object.assign(error, { cause: error });
      },
    ],
    ["text", () => SECRET],
    ["an object", () => ({ message: SECRET, httpErrorCode: { status: 200 } })],
    ["nothing", () => undefined],
    ["null", () => null],
  ])("%s", async (_what, make) => {
    thrown = make;
    expect(await call(row)).toMatchObject({ http: 500, text: INTERNAL });
  });

  test("an answer that its row does not describe", async () => {
    const entry = {
      id: "1",
      at: 1,
      actor: SECRET,
      collection: "profiles",
      fields: [],
      purpose: "",
      legalBasis: "",
      action: "read",
    };
    Object.assign(privacy(), { listAccess: () => Promise.resolve([entry]) });
    expect(await call(rows.find(({ id }) => id === "privacy-access-list")!)).toMatchObject({
      http: 500,
      text: INTERNAL,
    });
  });
});

test("an error's cause is in the log, with the call's name", async () => {
  const before = logs.length;
  await call(failing[0]!);
  const line = logs.slice(before).find((written) => written.includes("call refused")) ?? "";
  expect(JSON.parse(line)).toMatchObject({
    severity: "ERROR",
    call: failing[0]!.id,
    code: "request/internal",
    chain: ["request/internal: Something went wrong on our side.", `Error: ${SECRET}`, `TypeError: ${SECRET}`],
  });
});

test("a refusal stands even when it cannot be recorded", async () => {
  const before = logs.length;
  expect(await served.call(failing[0]!.id, {})).toMatchObject({ http: 401, code: "request/sign-in-required" });
  expect(logs.slice(before).join("\n")).toContain("refusal could not be recorded");
});

describe.each(rows)("faulty input of $id", (row) => {
  const MINED = "test/mined";
  const junk: readonly unknown[] = [
    SENT,
    `${SENT}\n${"x".repeat(5_000)}`,
    [SENT],
    { surprise: SENT },
    -1.5,
    true,
    null,
  ];
  const bodies: readonly unknown[] = [
    { surprise: SENT },
    { ...row.sample, surprise: SENT },
    { ...row.sample, surprise: [SENT] },
    { ...row.sample, _stepUp: SENT },
    ...Object.keys(row.sample).flatMap((field) => junk.map((value) => ({ ...row.sample, [field]: value }))),
  ];

  test("is refused by a documented error, never repeated and never a failure of ours", async () => {
    thrown = () => new DomainError({ code: MINED, status: "aborted", message: "Mined." });
    // A session of its own for each: an approval counts once.
    const answers = await Promise.all(bodies.map(async (body) => served.call(row.id, body, await signIn(fit(row)))));
    for (const answer of answers) expectNothingInside(answer);
    const documented = ["request/malformed", "request/too-many", MINED, ...(row.policy.errors ?? [])];
    for (const { code, http } of answers) if (http !== 200) expect(documented).toContain(code);
    expect(answers.filter(({ code }) => code === "request/malformed").length).toBeGreaterThanOrEqual(4);
  });
});

test.each([[SENT], [7], [[SENT]], [true]])(
  "%p instead of an object tells nothing, and can carry no proof",
  async (body) => {
    for (const { id, policy } of rows) {
      const answer = await served.call(id, body, await signIn());
      expectNothingInside(answer);
      const early = policy.session === "public" || policy.session === "none";
      // The calls that are counted by network have had many by now.
      const wanted = early ? ["request/malformed", "request/too-many"] : ["request/proof-required"];
      expect([id, wanted]).toEqual([id, expect.arrayContaining([answer.code])]);
    }
  },
);

test.each<[string, unknown]>([
  ["an unknown wire type", { "@type": SENT, value: SENT }],
  ["a number that is none", { "@type": "type.googleapis.com/google.protobuf.Int64Value", value: SENT }],
  ["a prototype", JSON.parse(`{"__proto__":{"surprise":"${SENT}"},"constructor":"${SENT}"}`)],
  ["a factor of the wrong shape", { _stepUp: { method: SENT, code: SENT } }],
  ["a factor that is text", { _stepUp: SENT }],
])("%s in the data tells nothing", async (_what, data) => {
  const answer = await served.call("identity-session-list", data, await signIn());
  expect(answer.http).toBeGreaterThanOrEqual(400);
  expectNothingInside(answer);
});
