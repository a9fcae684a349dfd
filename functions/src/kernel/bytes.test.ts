import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeTuple } from "./bytes.js";

test("no two different tuples share their bytes", () => {
  const tuple = fc.array(fc.string(), { maxLength: 5 });
  fc.assert(
    fc.property(tuple, tuple, (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      expect(encodeTuple(a).equals(encodeTuple(b))).toBe(same);
    }),
  );
});

test("a part cannot flow into the next", () => {
  expect(encodeTuple(["ab", "c"]).equals(encodeTuple(["a", "bc"]))).toBe(false);
});
