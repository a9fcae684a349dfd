/**
 * A Firestore value as JSON that says what it was: `{"$timestamp": "2026-11-22T00:00:00.000000000Z"}`, `{"$bytes": base64}`,
 * `{"$geopoint": [latitude, longitude]}`, `{"$reference": path}`, `{"$number": "NaN"}`. Everything else is itself; a map
 * whose own key begins with `$` goes under `{"$map": …}`, so that nobody's data can pose as a type.
 */
export const typedJson = (value: unknown): unknown => {
  if (value === null || value === undefined) return null;
  if (typeof value === "number")
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: numberName(value) };
  if (typeof value === "bigint") return { $integer: value.toString() };
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(typedJson);
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (value instanceof Date) return { $timestamp: value.toISOString() };
  return typedObject(value);
};

const typedObject = (value: object): unknown => {
  const parts = value as Readonly<Record<string, unknown>>;
  if (isClass(value, "Timestamp"))
    return { $timestamp: timestamp(Number(parts["seconds"]), Number(parts["nanoseconds"])) };
  if (isClass(value, "GeoPoint")) return { $geopoint: [parts["latitude"], parts["longitude"]] };
  if (isClass(value, "DocumentReference")) return { $reference: parts["path"] };
  if (isClass(value, "VectorValue")) return { $vector: (value as { toArray: () => number[] }).toArray() };
  const entries = Object.entries(value).map(([key, item]) => [key, typedJson(item)] as const);
  const map = Object.fromEntries(entries);
  return entries.some(([key]) => key.startsWith("$")) ? { $map: map } : map;
};

// By name: the classes' module must not be loaded to read a plain value, and there can be two copies of it.
const isClass = (value: object, name: string): boolean => {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  return prototype !== null && prototype !== Object.prototype && prototype.constructor?.name === name;
};

const timestamp = (seconds: number, nanoseconds: number): string => {
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(nanoseconds).padStart(9, "0")}Z`;
};

const numberName = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));
