import { expect, test } from "@jest/globals";
import { defineErrors, isDomainError } from "./errors.js";

const shopError = defineErrors("shop", { "sold-out": ["failed-precondition", "It is sold out."] });

test("an error carries its code for programs, its status for transport and its sentence for people", () => {
  const cause = new Error("row 7 locked");
  const error = shopError("sold-out", { cause, details: { left: 0 } });
  expect(error).toMatchObject({
    code: "shop/sold-out",
    status: "failed-precondition",
    message: "It is sold out.",
    details: { left: 0 },
  });
  expect(error.cause).toBe(cause);
  expect(isDomainError(error, "shop/sold-out")).toBe(true);
  expect(isDomainError(error, "shop/closed")).toBe(false);
});
