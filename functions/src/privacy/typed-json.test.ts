import { GeoPoint, Timestamp } from "firebase-admin/firestore";
import { expect, test } from "@jest/globals";
import { typedJson } from "./typed-json.js";

test.each([
  ["text", "a", "a"],
  ["a number", 1.5, 1.5],
  ["not a number", Number.NaN, { $number: "NaN" }],
  ["infinity", -Infinity, { $number: "-Infinity" }],
  ["minus zero", -0, { $number: "-0" }],
  ["nothing", null, null],
  ["bytes", Buffer.from("hi"), { $bytes: "aGk=" }],
  ["a timestamp, to the nanosecond", new Timestamp(1_763_812_800, 1), { $timestamp: "2025-11-22T12:00:00.000000001Z" }],
  ["a time before 1970", Timestamp.fromMillis(-1), { $timestamp: "1969-12-31T23:59:59.999000000Z" }],
  ["a place", new GeoPoint(1, -2), { $geopoint: [1, -2] }],
  ["what is nested", { a: [{ b: Buffer.from([1]) }] }, { a: [{ b: { $bytes: "AQ==" } }] }],
  ["a map that poses as a type", { $bytes: "aGk=" }, { $map: { $bytes: "aGk=" } }],
])("%s is itself, or says what it was", (_, value, json) => {
  expect(typedJson(value)).toEqual(json);
});
