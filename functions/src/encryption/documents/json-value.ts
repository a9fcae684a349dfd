import type { FieldType } from "../../kernel/data-map/declaration.js";
import type { NativeTypes } from "../tokens/native-types.js";

/**
 * The value that a call's JSON means for a field of this type; undefined when it means none. Timestamps are RFC 3339 text
 * (to the nanosecond), bytes base64url, geopoints `{ latitude, longitude }`, references paths relative to the database.
 */
export const fromJson = (natives: NativeTypes, type: FieldType, json: unknown): unknown => {
  if (type === "timestamp") return typeof json === "string" ? readInstant(natives, json) : undefined;
  if (type === "bytes")
    return typeof json === "string" && /^[\w-]*$/u.test(json) ? Buffer.from(json, "base64url") : undefined;
  if (type === "geopoint") return readPoint(natives, json);
  if (type === "reference") return typeof json === "string" && PATH.test(json) ? natives.reference(json) : undefined;
  return json;
};

/** The same the other way, for any depth. Numbers that JSON lacks become text, as in protobuf's JSON. */
export const toJson = (natives: NativeTypes, value: unknown): unknown => {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64url");
  if (Array.isArray(value)) return value.map((item) => toJson(natives, item));
  const kind = natives.kindOf(value);
  if (kind === "timestamp") return writeInstant(natives.instant(value));
  if (kind === "reference") return (value as { path: string }).path;
  if (kind === "geopoint") {
    const { latitude, longitude } = value as { latitude: number; longitude: number };
    return { latitude, longitude };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(natives, item)]));
};

const PATH = /^[^/]+\/[^/]+(\/[^/]+\/[^/]+)*$/u;
const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/u;

const readInstant = (natives: NativeTypes, text: string): unknown => {
  const [, whole = "", fraction = "", zone = ""] = INSTANT.exec(text) ?? [];
  const ms = Date.parse(whole + zone);
  // Firestore's range: years 1 to 9999.
  if (Number.isNaN(ms) || ms < -62_135_596_800_000 || ms > 253_402_300_799_000) return undefined;
  return natives.timestamp(ms / 1_000, Number(fraction.padEnd(9, "0")));
};

const writeInstant = ({ seconds, nanoseconds }: { seconds: number; nanoseconds: number }): string => {
  const whole = new Date(seconds * 1_000).toISOString().slice(0, -".000Z".length);
  const fraction = String(nanoseconds)
    .padStart(9, "0")
    .replace(/(?:000){1,2}$/u, "");
  return `${whole}.${fraction}Z`;
};

const readPoint = (natives: NativeTypes, json: unknown): unknown => {
  const { latitude, longitude, ...rest } = (json ?? {}) as Record<string, unknown>;
  if (typeof latitude !== "number" || typeof longitude !== "number" || Object.keys(rest).length > 0) return undefined;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? natives.geopoint(latitude, longitude) : undefined;
};
