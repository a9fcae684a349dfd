import { GeoPoint, Timestamp } from "firebase-admin/firestore";
import { expect, test } from "@jest/globals";
import { testNatives } from "../encryption.fixture.js";
import { fromJson, toJson } from "./json-value.js";

test.each([
  ["timestamp", "2026-01-02T03:04:05.123456789Z", new Timestamp(1_767_323_045, 123_456_789)],
  ["timestamp", "1969-12-31T23:59:59.500Z", new Timestamp(-1, 500_000_000)],
  ["timestamp", "2026-01-02T03:04:05.000Z", new Timestamp(1_767_323_045, 0)],
  ["bytes", "AP8", Buffer.of(0, 255)],
  ["geopoint", { latitude: 51.5, longitude: -0.1 }, new GeoPoint(51.5, -0.1)],
  ["reference", "people/u1", testNatives.reference("people/u1")],
  ["map", { a: [1, "x", null] }, { a: [1, "x", null] }],
] as const)("a %s comes and goes as JSON", (type, json, value) => {
  expect(fromJson(testNatives, type, json)).toEqual(value);
  expect(toJson(testNatives, value)).toEqual(json);
});

test.each([
  ["timestamp", "yesterday"],
  ["timestamp", "2026-13-40T00:00:00Z"],
  ["timestamp", 12],
  ["bytes", "not base64url!"],
  ["geopoint", { latitude: 91, longitude: 0 }],
  ["geopoint", { latitude: 1, longitude: 0, altitude: 3 }],
  ["geopoint", null],
  ["reference", "people"],
  ["reference", "people/u1/"],
] as const)("JSON that is no %s is refused: %j", (type, json) => {
  expect(fromJson(testNatives, type, json)).toBe(undefined);
});

test("numbers that JSON lacks become text", () => {
  expect(toJson(testNatives, [NaN, -Infinity, 2n ** 60n])).toEqual(["NaN", "-Infinity", "1152921504606846976"]);
});
