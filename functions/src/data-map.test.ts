import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { dataMap } from "./platform/data-map.js";

test("the data map in force loads without a fault", () => {
  expect(dataMap().collection("profiles").fields["email"]).toMatchObject({
    class: "RED",
    stored: "token",
    lookup: "email",
  });
});

test("the data map in force is the dating example, but for its import line", () => {
  const inForce = readFileSync(join(__dirname, "data-map.ts"), "utf8");
  const example = readFileSync(join(__dirname, "../../examples/dating/data-map.ts"), "utf8");
  expect(inForce).toBe(example.replace("../../functions/src/kernel/", "./kernel/"));
});
