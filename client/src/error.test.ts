import { expect, test } from "@jest/globals";
import { isFirekeepError, toFirekeepError } from "./error.ts";

test("the server's own code and what it names reach the app, the code not twice", () => {
  const sdk = Object.assign(new Error("This needs a fresh second factor."), {
    code: "functions/permission-denied",
    details: { code: "request/step-up-required", scope: "privacy.erase", methods: ["totp"] },
  });
  const error = toFirekeepError(sdk);
  expect(error).toMatchObject({ code: "request/step-up-required", message: "This needs a fresh second factor." });
  expect(error.details).toEqual({ scope: "privacy.erase", methods: ["totp"] });
  expect(error.cause).toBe(sdk);
});

test("a failure before the server keeps the SDK's code", () => {
  const error = toFirekeepError(Object.assign(new Error("internal"), { code: "functions/internal" }));
  expect(isFirekeepError(error, "functions/internal")).toBe(true);
  expect(error.details).toEqual({});
});
