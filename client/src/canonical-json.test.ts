import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { canonicalJson as serverJson } from "../../functions/src/kernel/canonical-json.js";
import { canonicalJson } from "./canonical-json.ts";

test("writes every value as the server does, byte for byte", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(canonicalJson(value)).toBe(serverJson(value));
    }),
    { numRuns: 2_000 },
  );
});

test("absent members are absent in both", () => {
  const value = { b: undefined, a: [1, { d: undefined, c: "é" }] };
  expect(canonicalJson(value)).toBe('{"a":[1,{"c":"é"}]}');
  expect(canonicalJson(value)).toBe(serverJson(value));
});

test.each([[Number.NaN], [() => 1], [Symbol("x")], [undefined]])("refuses %p, as the server does", (value) => {
  expect(() => canonicalJson([value])).toThrow(TypeError);
  expect(() => serverJson([value])).toThrow(TypeError);
});
