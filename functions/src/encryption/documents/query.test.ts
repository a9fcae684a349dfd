import { Firestore } from "@google-cloud/firestore";
import { describe, expect, test } from "@jest/globals";
import type { WhereFilterOp } from "firebase-admin/firestore";
import { libraryDomain, type Members } from "./documents.fixture.js";
import type { Changes, Draft, Filter, FindableField, Model, Order, ParamsOf, PlainField } from "./typed-collection.js";

const { members } = libraryDomain(new Firestore({ projectId: "demo-encryption-query" }));

/** As from code that no compiler has seen. */
const where = (field: string, op: string, value: unknown) =>
  members.where(...([field, op, value] as unknown as Filter<Members>));
const refused = (name: string, details: object) =>
  expect.objectContaining({ code: `encryption/${name}`, details: expect.objectContaining(details) });

describe("what ciphertext cannot answer is refused when it is asked for", () => {
  const ops: WhereFilterOp[] = ["<", "<=", ">", ">=", "!=", "not-in", "array-contains", "array-contains-any"];
  test.each(ops)("where %s, on any encrypted field", (op) => {
    for (const field of ["email", "bio"])
      expect(() => where(field, op, ["a@b.example"])).toThrow(
        refused("field-encrypted", { field, operation: `where ${op}`, remedy: expect.stringContaining("==") }),
      );
  });

  test.each(["==", "in"])("where %s, on a field that is not looked up", (op) => {
    expect(() => where("bio", op, ["x"])).toThrow(
      refused("field-encrypted", { field: "bio", remedy: expect.stringContaining("lookup") }),
    );
    expect(() => where("prefs.a", op, "x")).toThrow(refused("field-encrypted", { field: "prefs" }));
  });

  test("order, and with it every cursor; sums and averages", async () => {
    expect(() => members.orderBy("email" as never)).toThrow(
      refused("field-encrypted", { field: "email", operation: "orderBy" }),
    );
    await expect(members.orderBy("city").sum("height" as never)).rejects.toEqual(
      refused("field-encrypted", { field: "height", operation: "sum" }),
    );
    await expect(members.orderBy("city").average("number" as never)).rejects.toEqual(
      refused("field-encrypted", { field: "number", operation: "average" }),
    );
  });

  test("fields that are not declared, values of another type, values that cannot be looked up", () => {
    expect(() => where("nope", "==", 1)).toThrow(refused("field-unknown", { field: "nope" }));
    expect(() => where("email", "==", 1)).toThrow(refused("field-wrong-type", { field: "email", expected: "string" }));
    expect(() => where("number", "in", ["1"])).toThrow(
      refused("field-wrong-type", { field: "number", expected: "number" }),
    );
    expect(() => where("email", "==", "not an address")).toThrow(
      refused("value-not-normal", { field: "email", form: "email" }),
    );
  });

  test("more than Firestore's 30 alternatives, whoever they come from", () => {
    const emails = Array.from({ length: 31 }, (_, index) => `a${String(index)}@b.example`);
    expect(() => members.where("email", "in", emails)).toThrow(
      refused("query-too-wide", { fields: ["email"], alternatives: 31, most: 30 }),
    );
    const six = members.where("email", "in", emails.slice(0, 6));
    expect(() => six.where("city", "in", ["a", "b", "c", "d", "e", "f"])).toThrow(
      refused("query-too-wide", { fields: ["email", "city"], alternatives: 36 }),
    );
    expect(() => six.where("city", "in", ["a", "b", "c", "d", "e"])).not.toThrow();
  });
});

// The same, where the compiler knows the data map: each line is checked by `npm run ok`, which fails when one is not as it says.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Takes<Arguments, Given> = Given extends Arguments ? true : false;

test("the compiler refuses it too, where the data map is declared as const", () => {
  const plain: Same<PlainField<Members>, "city" | "visits" | "settings" | "since"> = true;
  const findable: Same<FindableField<Members>, "email" | "number"> = true;
  const params: Same<ParamsOf<Members>, { readonly uid: string }> = true;
  const taken: [
    Takes<Filter<Members>, ["email", "==", "a@b.example"]>,
    Takes<Filter<Members>, ["email", "in", string[]]>,
    Takes<Filter<Members>, ["city", ">=", "A"]>,
    Takes<Filter<Members>, ["settings.theme", "==", "dark"]>,
    Takes<Order<Members>, ["visits", "desc"]>,
    Takes<Draft<Members>, { bio: string; born: Date; visits: 1; email: null }>,
    Takes<Changes<Members>, { "settings.theme": string }>,
    Takes<Model<Members>["tags"], unknown[]>,
  ] = [true, true, true, true, true, true, true, true];
  const refusedByTypes: [
    Takes<Filter<Members>, ["email", ">", "a"]>,
    Takes<Filter<Members>, ["email", "!=", "a"]>,
    Takes<Filter<Members>, ["email", "not-in", string[]]>,
    Takes<Filter<Members>, ["email", "array-contains", "a"]>,
    Takes<Filter<Members>, ["bio", "==", "x"]>,
    Takes<Filter<Members>, ["bio", "in", string[]]>,
    Takes<Filter<Members>, ["nope", "==", "x"]>,
    Takes<Order<Members>, ["email"]>,
    Takes<Order<Members>, ["bio", "desc"]>,
    Takes<Draft<Members>, { bio: number }>,
    Takes<Draft<Members>, { height: import("firebase-admin/firestore").FieldValue }>,
  ] = [false, false, false, false, false, false, false, false, false, false, false];
  expect([plain, findable, params, ...taken]).not.toContain(false);
  expect(refusedByTypes).not.toContain(true);
});
