/** Reads one value of unknown shape: the value, or undefined after telling what is wrong with it. */
export type Reader<T> = (raw: unknown, where: Where) => T | undefined;

/** A place in the configuration that can report a fault and be walked into. */
export interface Where {
  readonly fault: (message: string) => void;
  readonly into: (key: string) => Where;
}

export const at = (faults: string[], path: string): Where => ({
  fault: (message) => {
    faults.push(path === "" ? message : `${path}: ${message}`);
  },
  into: (key) => at(faults, path === "" ? key : `${path}.${key}`),
});

export const text =
  (pattern: RegExp, what: string): Reader<string> =>
  (raw, where) =>
    orFault(typeof raw === "string" && pattern.test(raw) ? raw : undefined, where, `${shown(raw)} is not ${what}`);

export const boolean: Reader<boolean> = (raw, where) =>
  orFault(typeof raw === "boolean" ? raw : undefined, where, `${shown(raw)} is not true or false`);

export const integer =
  (min: number, max: number): Reader<number> =>
  (raw, where) => {
    const fits = typeof raw === "number" && Number.isInteger(raw) && raw >= min && raw <= max;
    return orFault(fits ? raw : undefined, where, `${shown(raw)} is not a whole number from ${min} to ${max}`);
  };

export const oneOf =
  <const T extends string>(allowed: readonly T[]): Reader<T> =>
  (raw, where) =>
    orFault(
      allowed.find((known) => known === raw),
      where,
      `${shown(raw)} is not one of ${allowed.join(", ")}`,
    );

export const list =
  <T>(item: Reader<T>, size: { readonly min: number; readonly max: number }): Reader<readonly T[]> =>
  (raw, where) => {
    if (!Array.isArray(raw)) return orFault<readonly T[]>(undefined, where, `${shown(raw)} is not a list`);
    const sized = raw.length >= size.min && raw.length <= size.max;
    if (!sized) where.fault(`has ${raw.length} entries, not ${size.min} to ${size.max}`);
    const items = raw.map((entry, index) => item(entry, where.into(String(index))));
    const read = items.filter((entry) => entry !== undefined);
    return sized && read.length === items.length ? read : undefined;
  };

/** `none` says on purpose that there is none; an absent key is a fault like any other. */
export const optional =
  <T>(reader: Reader<T>): Reader<T | "none"> =>
  (raw, where) =>
    raw === "none" ? "none" : reader(raw, where);

type Shape = Readonly<Record<string, Reader<unknown>>>;
type Read<S extends Shape> = { readonly [Key in keyof S]: S[Key] extends Reader<infer T> ? T : never };

/** An object with exactly these keys: a missing one and an unknown one are faults, and so is each wrong value. */
export const fields =
  <S extends Shape>(shape: S): Reader<Read<S>> =>
  (raw, where) => {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
      return orFault<Read<S>>(undefined, where, `${shown(raw)} is not an object`);
    }
    const given = new Map<string, unknown>(Object.entries(raw));
    for (const key of given.keys()) if (!Object.hasOwn(shape, key)) where.into(key).fault("is not a setting");
    const read = Object.entries(shape).map(([key, reader]) => {
      const place = where.into(key);
      return [
        key,
        given.has(key) ? reader(given.get(key), place) : orFault<unknown>(undefined, place, "is missing"),
      ] as const;
    });
    // Whoever passes a `Where` looks at its faults before using the value: a hole in it is always one of them.
    return Object.fromEntries(read) as Read<S>;
  };

/** The value; when there is none, that is a fault. */
export const orFault = <T>(value: T | undefined, where: Where, message: string): T | undefined => {
  if (value === undefined) where.fault(message);
  return value;
};

const shown = (raw: unknown): string => (raw === undefined ? "nothing" : JSON.stringify(raw));
