import { expect, test } from "@jest/globals";
import { FirekeepError } from "./error.ts";
import type { StepUp } from "./firekeep.ts";
import { withStepUp } from "./step-up.ts";

const needed = new FirekeepError("request/step-up-required", "…", { scope: "pay", methods: ["totp"] }, undefined);
const code: StepUp = { method: "totp", code: "123456" };

/** A call that wants a second factor once. */
const guarded = (given: (StepUp | undefined)[]) => (stepUp?: StepUp) => {
  given.push(stepUp);
  return stepUp === undefined ? Promise.reject(needed) : Promise.resolve("done");
};

test("asks once, with what is needed, and calls again with the answer along", async () => {
  const given: (StepUp | undefined)[] = [];
  const asked: unknown[] = [];
  const ask = (what: unknown) => {
    asked.push(what);
    return Promise.resolve(code);
  };
  await expect(withStepUp(guarded(given), ask)).resolves.toBe("done");
  expect(given).toEqual([undefined, code]);
  expect(asked).toEqual([{ scope: "pay", methods: ["totp"] }]);
});

test("does not ask when nothing is needed", async () => {
  const ask = () => Promise.reject(new Error("asked"));
  await expect(withStepUp(() => Promise.resolve(7), ask)).resolves.toBe(7);
});

test("giving up, or another error, is the call's own error", async () => {
  await expect(withStepUp(guarded([]), () => Promise.resolve(undefined))).rejects.toBe(needed);
  const other = new FirekeepError("request/forbidden", "…", {}, undefined);
  await expect(
    withStepUp(
      () => Promise.reject(other),
      () => Promise.resolve(code),
    ),
  ).rejects.toBe(other);
});

test("a wrong code is not asked for again for ever", async () => {
  let asked = 0;
  const ask = () => {
    asked += 1;
    return Promise.resolve(code);
  };
  await expect(withStepUp(() => Promise.reject(needed), ask)).rejects.toBe(needed);
  expect(asked).toBe(1);
});
