import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { serveFunctions, type Served } from "./served.ts";
import { fit } from "./cells.ts";
import { logs } from "./logs.ts";
import { signIn } from "./persons.ts";
import { rows } from "./rows.ts";
import { readVariable, requireVariable, type Variable } from "../../functions/src/config.js";
import { DomainError } from "../../functions/src/kernel/errors.js";
import { deps as privacy } from "../../functions/src/privacy/deps.js";

// environment.ts has removed every variable of the project: this is what a forgotten functions/.env looks like.
let served: Served;
beforeAll(async () => {
  served = await serveFunctions();
});
afterAll(() => served.close());

const REQUIRED: readonly Variable[] = ["FIREKEEP_KMS_LOCATION", "FIREKEEP_BUCKET", "FIREKEEP_PUBLIC_URL"];
const REMEDY = (name: string) => `${name} is not set: add it to functions/.env.<project id>`;

const refusal = (read: () => unknown): DomainError => {
  try {
    read();
  } catch (error) {
    if (error instanceof DomainError) return error;
  }
  throw new Error("nothing was refused");
};

describe("a variable that is missing", () => {
  test.each(REQUIRED)("%s is named in the cause, with its file, and not in public", (name) => {
    for (const read of [readVariable, requireVariable]) {
      const { code, message, details, cause } = refusal(() => read(name));
      expect(code).toBe("config/missing");
      expect(String(cause)).toContain(REMEDY(name));
      expect(JSON.stringify([message, details])).not.toContain("FIREKEEP");
    }
  });

  test("counts as missing when it is empty", () => {
    process.env["FIREKEEP_BUCKET"] = "";
    expect(refusal(() => requireVariable("FIREKEEP_BUCKET")).code).toBe("config/missing");
    process.env["FIREKEEP_BUCKET"] = "demo.appspot.com";
    expect(requireVariable("FIREKEEP_BUCKET")).toBe("demo.appspot.com");
    delete process.env["FIREKEEP_BUCKET"];
  });

  test("may be, when it is optional", () => {
    expect(readVariable("FIREKEEP_KMS_ENDPOINT")).toBeUndefined();
  });
});

const call = async (id: string) => {
  const row = rows.find((each) => each.id === id)!;
  const before = logs.length;
  const answer = await served.call(id, row.sample, await signIn(fit(row)));
  return { answer, line: logs.slice(before).find((written) => written.includes("call refused")) ?? "" };
};

test.each(["identity-totp-enrol", "encryption-document-find"])(
  "%s without a key location tells the operator what to set and where, and the caller only that the server is not ready",
  async (id) => {
    const { answer, line } = await call(id);
    expect(answer).toMatchObject({ code: "config/missing", error: { message: "The server is not configured." } });
    expect(answer.text).not.toContain("FIREKEEP");
    expect(line).toContain(REMEDY("FIREKEEP_KMS_LOCATION"));
  },
);

test("an erasure, from which there is no way back, begins only when its receipt can be shown", async () => {
  const touched: string[] = [];
  const job = { id: "job", receipt: "AAAAAAAAAAAAAAAAAAAAAA", part: 0, round: 0 };
  Object.assign(privacy(), {
    jobs: { find: () => (touched.push("jobs"), Promise.resolve(job)) },
    queue: { enqueue: () => (touched.push("queue"), Promise.resolve()) },
  });
  const { answer, line } = await call("privacy-erasure-request");
  expect(answer.code).toBe("config/missing");
  expect(line).toContain(REMEDY("FIREKEEP_PUBLIC_URL"));
  expect(touched).toEqual([]);
});
