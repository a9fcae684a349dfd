import type { Tell } from "./fault.js";

/**
 * Reads a value of unknown origin (the map may come from JavaScript): tells what is wrong with it and goes on.
 * What could not be read is undefined, so that later checks still see the rest.
 */
export type Reader<Value> = (value: unknown, at: string, tell: Tell) => Value | undefined;

interface Entry<Value> {
  readonly read: Reader<Value>;
  readonly needed: boolean;
}

export const needed = <Value>(read: Reader<Value>): Entry<Value> => ({ read, needed: true });
export const optional = <Value>(read: Reader<Value>): Entry<Value> => ({ read, needed: false });

/** What an object reader gives: every value may be missing. */
export type Read<Shape> = {
  readonly [Key in keyof Shape]: Shape[Key] extends Entry<infer Value> ? Value | undefined : never;
};

/** Keys that are not in the shape are faults, as are missing ones. */
export const object =
  <Shape extends Record<string, Entry<unknown>>>(shape: Shape): Reader<Read<Shape>> =>
  (value, at, tell) => {
    if (!isObject(value)) {
      refuse(at, tell, "must be an object");
      return undefined;
    }
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(shape, key)) tell(join(at, key), `unknown key; use one of ${Object.keys(shape).join(", ")}`);
    }
    const entries = Object.entries(shape).map(([key, entry]) => {
      const given = value[key];
      if (given !== undefined) return [key, entry.read(given, join(at, key), tell)];
      if (entry.needed) tell(join(at, key), "is missing");
      return [key, undefined];
    });
    return Object.fromEntries(entries) as Read<Shape>;
  };

export const record =
  <Value>(read: Reader<Value>): Reader<Readonly<Record<string, Value>>> =>
  (value, at, tell) => {
    if (!isObject(value)) {
      refuse(at, tell, "must be an object, {} when there is nothing");
      return undefined;
    }
    const entries = Object.entries(value).map(([key, item]) => [key, read(item, join(at, key), tell)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, Value] => entry[1] !== undefined));
  };

export const text: Reader<string> = (value, at, tell) =>
  typeof value === "string" && value.trim() !== "" ? value : refuse(at, tell, "must be a text that is not empty");

export const flag: Reader<boolean> = (value, at, tell) =>
  typeof value === "boolean" ? value : refuse(at, tell, "must be true or false");

export const count: Reader<number> = (value, at, tell) =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0
    ? value
    : refuse(at, tell, "must be a whole number over 0");

export const oneOf =
  <const Value extends string>(...values: readonly Value[]): Reader<Value> =>
  (value, at, tell) =>
    values.find((known) => known === value) ??
    refuse(at, tell, `unknown value ${show(value)}; use one of ${values.join(", ")}`);

/** A list that has at least one item, each matching `pattern`, none twice. */
export const list =
  (pattern: RegExp, remedy: string): Reader<readonly string[]> =>
  (value, at, tell) => {
    if (!Array.isArray(value) || value.length === 0) {
      refuse(at, tell, `must be a list that is not empty: ${remedy}`);
      return undefined;
    }
    const items = value as readonly unknown[];
    for (const [index, item] of items.entries()) {
      if (typeof item !== "string" || !pattern.test(item))
        tell(join(at, String(index)), `${show(item)} is not valid: ${remedy}`);
      else if (items.indexOf(item) !== index) tell(join(at, String(index)), `${show(item)} is there twice`);
    }
    return items.filter((item) => typeof item === "string");
  };

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A reader that only refuses: it tells, and read nothing. */
export const refuse = (at: string, tell: Tell, says: string): undefined => {
  tell(at === "" ? "(the map)" : at, says);
  return undefined;
};

export const join = (at: string, key: string): string => (at === "" ? key : `${at}.${key}`);

const show = (value: unknown): string => (typeof value === "string" ? `"${value}"` : typeof value);
