import { GeoPoint, Timestamp, FieldValue } from "firebase-admin/firestore";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeValue } from "./decode-value.js";
import { encodeValue, Unencodable } from "./encode-value.js";
import { testNatives } from "../encryption.fixture.js";

const roundTrip = (value: unknown): unknown => decodeValue(testNatives, encodeValue(testNatives, value));

const scalars = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.string({ unit: "grapheme" }),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), fc.integer({ min: 0, max: 999_999_999 }))
    .map(([seconds, nanoseconds]) => new Timestamp(seconds, nanoseconds)),
  fc
    .tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }))
    .map(([latitude, longitude]) => new GeoPoint(latitude, longitude)),
);
const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalars,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant("__proto__")), tie("value"), { maxKeys: 4 }),
  ),
})).value;

test("every Firestore value comes back as it was: NaN, -0, 64-bit integers and nanoseconds included", () => {
  fc.assert(
    fc.property(anyValue, (value) => expect(roundTrip(value)).toEqual(value)),
    { numRuns: 500 },
  );
  expect(roundTrip(NaN)).toBe(NaN);
  expect(Object.is(roundTrip(-0), -0)).toBe(true);
  expect(roundTrip(-(2n ** 63n))).toBe(-(2n ** 63n));
  expect(roundTrip(new Timestamp(-1, 999_999_999))).toEqual(new Timestamp(-1, 999_999_999));
  expect(roundTrip(testNatives.reference("people/u1"))).toEqual(testNatives.reference("people/u1"));
  expect(roundTrip(new Date(1_500))).toEqual(new Timestamp(1, 500_000_000));
});

test("equal maps have equal bytes, in whatever order their keys were set", () => {
  const one = encodeValue(testNatives, { a: 1, b: [true, { z: "x", y: NaN }] });
  expect(encodeValue(testNatives, { b: [true, { y: NaN, z: "x" }], a: 1 })).toEqual(one);
});

test("values of different types never have the same bytes", () => {
  const values = ["1", 1, 1n, true, null, Buffer.from("1"), ["1"], { 1: "1" }, new Timestamp(1, 0), new GeoPoint(1, 1)];
  const encoded = values.map((value) => encodeValue(testNatives, value).toString("hex"));
  expect(new Set(encoded).size).toBe(values.length);
});

test("a map key `__proto__` stays a key and changes no prototype", () => {
  const value: unknown = JSON.parse('{"__proto__":{"admin":true}}');
  const back = roundTrip(value) as Record<string, unknown>;
  expect(Object.keys(back)).toEqual(["__proto__"]);
  expect(back["admin"]).toBe(undefined);
});

test.each([
  ["undefined", undefined, "field-wrong-type"],
  ["a function", () => 1, "field-wrong-type"],
  ["a symbol", Symbol("x"), "field-wrong-type"],
  ["an object of some class", new Map(), "field-wrong-type"],
  ["undefined inside a map", { a: undefined }, "field-wrong-type"],
  ["a hole in an array", [1, , 2], "field-wrong-type"],
  ["a lone surrogate", "\ud800", "field-wrong-type"],
  ["an integer over 64 bits", 2n ** 63n, "field-wrong-type"],
  ["a server timestamp", FieldValue.serverTimestamp(), "field-sentinel"],
  ["an increment inside a map", { a: [FieldValue.increment(1)] }, "field-sentinel"],
])("refuses %s", (_, value, reason) => {
  expect(() => encodeValue(testNatives, value)).toThrow(Unencodable);
  expect(() => encodeValue(testNatives, value)).toThrow(reason);
});

test("refuses maps deeper than Firestore has them, also one that holds itself", () => {
  const ring: Record<string, unknown> = {};
  ring["self"] = ring;
  expect(() => encodeValue(testNatives, ring)).toThrow(Unencodable);
});

test("refuses bytes that no value has", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
      try {
        decodeValue(testNatives, Buffer.from(bytes));
      } catch (error) {
        expect(error).toMatchObject({ code: "encryption/undecryptable" });
      }
    }),
  );
  expect(() => decodeValue(testNatives, Buffer.of())).toThrow("altered");
  expect(() => decodeValue(testNatives, Buffer.of(0x05, 1))).toThrow("altered");
  expect(() => decodeValue(testNatives, Buffer.concat([Buffer.of(0x05), Buffer.alloc(12, 0xff)]))).toThrow("altered");
});
