import protobuf from "protobufjs";
import { kmsError } from "./errors.ts";

type Json = Record<string, unknown>;

/** Proto3 JSON to a message's plain object. @throws INVALID_ARGUMENT for a field that the message does not have */
export const fromProtoJson = (type: protobuf.Type, json: unknown): Json => {
  if (!isObject(json)) throw kmsError("malformed-request", `${type.name} is an object.`);
  return Object.fromEntries(
    Object.entries(json)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => {
        const field = findField(type, name);
        if (field === undefined) throw kmsError("malformed-request", `Unknown name "${name}": Cannot find field.`);
        return [field.name, eachValue(field, value, readValue)];
      }),
  );
};

/** A message's plain object (enums by name, 64-bit integers as strings) to proto3 JSON. */
export const toProtoJson = (type: protobuf.Type, message: object): Json =>
  Object.fromEntries(
    Object.entries(message).map(([name, value]: [string, unknown]) => {
      const field = findField(type, name);
      return [name, field === undefined ? value : eachValue(field, value, writeValue)];
    }),
  );

interface ProtoFields {
  readonly value?: string | number;
  readonly seconds?: string | number;
  readonly nanos?: number;
  readonly paths?: readonly string[];
}

/** Message types with a JSON form of their own: how it is read and written. */
const SPECIAL: Record<string, { read: (json: unknown) => unknown; write: (message: ProtoFields) => unknown }> = {
  ".google.protobuf.Int64Value": {
    read: (json) => ({ value: String(json) }),
    write: ({ value }) => String(value ?? 0),
  },
  ".google.protobuf.Timestamp": {
    read: (json) => readTimestamp(String(json)),
    write: ({ seconds, nanos }) =>
      `${new Date(Number(seconds ?? 0) * 1000).toISOString().slice(0, 19)}${fraction(nanos)}Z`,
  },
  ".google.protobuf.Duration": {
    read: (json) => readDuration(String(json)),
    write: ({ seconds, nanos }) => `${String(seconds ?? 0)}${fraction(nanos)}s`,
  },
  ".google.protobuf.FieldMask": {
    read: (json) => ({ paths: String(json).split(",").filter(Boolean).map(toSnakeCase) }),
    write: ({ paths }) => (paths ?? []).map(toCamelCase).join(","),
  },
};

const readValue = (field: protobuf.Field, value: unknown): unknown => {
  const type = field.resolvedType;
  if (type instanceof protobuf.Type) return SPECIAL[type.fullName]?.read(value) ?? fromProtoJson(type, value);
  if (field.type === "bytes") return Buffer.from(String(value), "base64"); // reads the URL-safe alphabet as well
  if (field.type === "bool") return value === true || value === "true";
  if (type instanceof protobuf.Enum)
    return typeof value === "string" ? value : (type.valuesById[Number(value)] ?? value);
  return field.type === "string" ? String(value) : Number(value);
};

const writeValue = (field: protobuf.Field, value: unknown): unknown => {
  const type = field.resolvedType;
  if (type instanceof protobuf.Type) {
    const message = value as Json;
    return SPECIAL[type.fullName]?.write(message) ?? toProtoJson(type, message);
  }
  return field.type === "bytes" ? Buffer.from(value as Uint8Array).toString("base64") : value;
};

const eachValue = (
  field: protobuf.Field,
  value: unknown,
  convert: (field: protobuf.Field, value: unknown) => unknown,
): unknown => {
  if (field.map && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, convert(field, entry)]));
  }
  return Array.isArray(value) && field.repeated
    ? value.map((entry: unknown) => convert(field, entry))
    : convert(field, value);
};

const findField = (type: protobuf.Type, name: string): protobuf.Field | undefined => {
  const camelCase = toCamelCase(name);
  return Object.hasOwn(type.fields, camelCase) ? type.fields[camelCase]?.resolve() : undefined;
};

const readTimestamp = (text: string): Json => {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw kmsError("malformed-request", "A timestamp is malformed.");
  return { seconds: String(Math.floor(ms / 1000)), nanos: (((ms % 1000) + 1000) % 1000) * 1e6 };
};

const readDuration = (text: string): Json => {
  const match = /^(-?\d+)(?:\.(\d{1,9}))?s$/.exec(text);
  if (match === null) throw kmsError("malformed-request", "A duration is malformed.");
  return { seconds: match[1], nanos: Number((match[2] ?? "").padEnd(9, "0")) };
};

const fraction = (nanos: number | undefined): string => (nanos ? `.${String(nanos).padStart(9, "0")}` : "");

const toSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const toCamelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
