import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { canonicalJson } from "./canonical-json.js";

test("the order of keys does not matter", () => {
  expect(canonicalJson({ b: [1, { d: null, c: "x" }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}');
  expect(canonicalJson({ b: 1, a: 2 })).toBe(canonicalJson({ a: 2, b: 1 }));
});

test("reads back as the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [() => 1], [Symbol("x")]])(
  "refuses %p instead of writing something else",
  (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
  },
);
