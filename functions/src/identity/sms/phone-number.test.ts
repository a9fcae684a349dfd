import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { config } from "../../config.js";
import { rangeOf } from "./phone-number.js";

const rules = { regions: ["1", "49", "353"], drops: 4 };

describe("a number's range", () => {
  test.each([
    ["+4915123456789", { region: "49", prefix: "491512345" }],
    ["+353871234567", { region: "353", prefix: "35387123" }],
    ["+12025550123", { region: "1", prefix: "1202555" }],
  ])("of %s", (number, range) => expect(rangeOf(number, rules)).toEqual(range));

  test.each([
    "+3581234567",
    "+88213300655",
    "+4",
    "+49",
    "4915123456789",
    "+49 151 23456789",
    "+0491512345",
    "",
    "+49151234567890123",
  ])("%j has none here", (number) => expect(rangeOf(number, rules)).toBeUndefined());

  test("always holds the calling code and a digit more, however short the number", () => {
    expect(rangeOf("+4912345", rules)?.prefix).toBe("491");
    expect(rangeOf("+353123456", rules)?.prefix).toBe("35312");
  });

  test("is shared by numbers that differ in their last digits only", () => {
    const digits = fc.tuple(fc.nat(999_999), fc.nat(9_999), fc.nat(9_999));
    fc.assert(
      fc.property(digits, ([block, one, other]) => {
        const number = (last: number) => `+49151${String(block).padStart(6, "0")}${String(last).padStart(4, "0")}`;
        expect(rangeOf(number(one), rules)).toEqual(rangeOf(number(other), rules));
      }),
    );
  });

  test("the allowed calling codes as configured are unambiguous", () => {
    const { regions } = config.sms;
    const clashes = regions.filter((code) => regions.some((other) => other !== code && code.startsWith(other)));
    expect(clashes).toEqual([]);
    expect(regions.every((code) => /^[1-9]\d{0,2}$/.test(code))).toBe(true);
  });
});
