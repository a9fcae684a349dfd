import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { normalise } from "./normalise.js";

test.each([
  ["email", " Ada@Example.COM ", "ada@example.com"],
  ["email", "ada+tag@bücher.example", "ada+tag@xn--bcher-kva.example"],
  ["email", "a.b@c.example", "a.b@c.example"],
  ["email", "nobody", undefined],
  ["email", "a@b@c.example", undefined],
  ["email", "a b@c.example", undefined],
  ["email", `${"x".repeat(65)}@c.example`, undefined],
  ["email", "ADA@BÜCHER.example", "ada@xn--bcher-kva.example"],
  ["email", "ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"],
  ["email", "ada@straße.example", "ada@xn--strae-oqa.example"],
  ["email", "josé@c.example", "josé@c.example"],
  ["email", "jose\u0301@c.example", "josé@c.example"],
  ["email", "ada@c.example.", undefined],
  ["email", "ada@127.1", undefined],
  ["email", "ada@exa%mple", undefined],
  ["email", "", undefined],
  ["phone", "\u202a+49\u00a030\u20111234567\u202c", "+49301234567"],
  ["phone", "＋４９ ３０ １２３４５６７", "+49301234567"],
  ["phone", "+49 (0) 30 1234567", undefined],
  ["phone", "+49 30 CALL-ME", undefined],
  ["phone", "+49 (30) 123-45 67", "+49301234567"],
  ["phone", "0049 30 1234567", "+49301234567"],
  ["phone", "030 1234567", undefined],
  ["phone", "+0123456789", undefined],
  ["phone", "+1234567890123456", undefined],
  ["exact", " As It Is ", " As It Is "],
  ["case-insensitive", " Straße ", "straße"],
  ["case-insensitive", "ＡＢＣ", "abc"],
] as const)("as %s, %j is looked up as %j", (lookup, value, expected) => {
  expect(normalise(lookup, value)).toBe(expected);
});

test("a plain e-mail address, which takes a short way, comes out as it does by the long one", () => {
  const label = fc.stringMatching(/^[a-zA-Z0-9-]{1,12}$/);
  const parts = fc.tuple(fc.stringMatching(/^[\w.+-]{1,20}$/), fc.array(label, { minLength: 1, maxLength: 4 }));
  fc.assert(
    fc.property(parts, ([local, labels]) => {
      const address = `${local}@${labels.join(".")}`;
      // A space before it keeps the address from the short way.
      expect(normalise("email", address)).toBe(normalise("email", ` ${address}`));
    }),
    { numRuns: 2_000, seed: 4 },
  );
  for (const host of ["XN--BCHER-KVA.example", "xn--a.example", "a.0x1", "a.12", "-.com", "a--b.com", "a.b-", "K.com"])
    expect(normalise("email", `Ann@${host}`)).toBe(normalise("email", ` Ann@${host}`));
});
