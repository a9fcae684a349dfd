import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { config } from "../../config.js";
import { commonPasswords } from "../../platform/sdk.js";
import { isCommonPassword } from "./common-passwords.js";
import { contextWords, passwordFault, type PasswordRules } from "./password-policy.js";

const rules = (over: Partial<PasswordRules> = {}): PasswordRules => ({
  minLength: config.passwords.minLength.alone,
  maxBytes: config.passwords.maxBytes,
  words: [],
  isCommon: () => false,
  ...over,
});

describe("length", () => {
  test("counts code points, not bytes and not UTF-16 units", () => {
    expect(passwordFault("🔑".repeat(14), rules())).toBe("too-short");
    expect(passwordFault("🔑".repeat(15), rules())).toBeUndefined();
    expect(passwordFault("a".repeat(14), rules())).toBe("too-short");
    expect(passwordFault("ä".repeat(8), rules({ minLength: config.passwords.minLength.withFactor }))).toBeUndefined();
  });

  test("accepts every length from the least to 4 096 bytes, 64 and more included, and nothing above", () => {
    for (const length of [15, 64, 65, 128, 1_000, 4_096]) {
      expect([length, passwordFault("x".repeat(length), rules())]).toEqual([length, undefined]);
    }
    expect(passwordFault("x".repeat(4_097), rules())).toBe("too-long");
    expect(passwordFault("ß".repeat(2_049), rules())).toBe("too-long");
  });
});

describe("exactly as typed", () => {
  test("whatever is long enough is accepted: no composition rules, no trimming, no changing", () => {
    const typed = fc.string({ unit: "grapheme", minLength: 15, maxLength: 80 });
    fc.assert(fc.property(typed, (password) => expect(passwordFault(password, rules())).toBeUndefined()));
  });

  test("spaces count wherever they are", () => {
    expect(passwordFault(" ".repeat(15), rules())).toBeUndefined();
    expect(passwordFault(`  ${"a".repeat(11)}  `, rules())).toBeUndefined();
    expect(passwordFault("a".repeat(11), rules())).toBe("too-short");
  });

  test("adding a character never makes an accepted password too short or too common", () => {
    const grown = fc.tuple(fc.string({ minLength: 15, maxLength: 60 }), fc.string({ minLength: 1, maxLength: 5 }));
    fc.assert(
      fc.property(grown, ([password, more]) => {
        fc.pre(passwordFault(password, rules()) === undefined);
        expect(passwordFault(password + more, rules())).toBeUndefined();
      }),
    );
  });
});

describe("common passwords", () => {
  test("all of the 49 000 most used are refused, whatever their case", () => {
    const list = commonPasswords();
    expect(list.length).toBeGreaterThanOrEqual(3_000);
    expect(list.filter((password) => !isCommonPassword(password))).toEqual([]);
    expect(list.slice(0, 3_000).filter((password) => !isCommonPassword(password.toUpperCase()))).toEqual([]);
    expect(passwordFault("password", rules({ minLength: 8, isCommon: isCommonPassword }))).toBe("common");
  });

  test.each(["passwordpassword", "PasswordPassword", "qwertyqwertyqwe", "123456123456123456", "aaaaaaaaaaaaaaaaaaaa"])(
    "%s is one of them again and again",
    (password) => expect(passwordFault(password, rules({ isCommon: isCommonPassword }))).toBe("common"),
  );

  test.each(["correct horse battery", "weekend in the hills", "ÄÖÜäöüßßßäöüÄÖÜ?"])("%s is not", (password) => {
    expect(passwordFault(password, rules({ isCommon: isCommonPassword }))).toBeUndefined();
  });

  test("is decided in a time that grows no faster than the password", () => {
    const started = performance.now();
    isCommonPassword(`${"a".repeat(4_095)}b`);
    isCommonPassword("ab".repeat(2_048));
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe("words of the context", () => {
  const words = contextWords(["demo-firekeep", "Firekeep", "ann.lindqvist@example.org"]);

  test("are those of the project, the app and the address, four characters and more", () => {
    expect(words).toEqual(expect.arrayContaining(["demo-firekeep", "firekeep", "demo", "iindqvist"]));
    expect(words).not.toContain("ann");
    expect(words.every((word) => word.length >= 4)).toBe(true);
  });

  test.each([
    "firekeepfirekeep",
    "Firekeep-2026-2026!",
    "F1r3k33pF1r3k33p",
    "lindqvist19740512",
    "ann.lindqvist@example.org",
  ])("%s is built on them", (password) => expect(passwordFault(password, rules({ words }))).toBe("context"));

  test.each(["my firekeep sings at dawn", "no word of the context", "Lindqvist eats seven apples"])(
    "%s has enough of its own",
    (password) => expect(passwordFault(password, rules({ words }))).toBeUndefined(),
  );
});
