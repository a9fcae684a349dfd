import type { FieldType } from "../declaration.js";
import type { Collection, Field } from "../map.js";
import { quoted } from "./layout.js";
import { demands, isSubject } from "./read-condition.js";
import { fieldOf } from "./words.js";

/** What clients may write themselves: plain fields that the subject gives, and only the subject. */
export const writeRules = (collection: Collection): string[] => {
  if (collection.access.write === "nobody") return [];
  const { subject, retention, encrypted } = collection;
  const given = Object.values(collection.fields).filter(
    (field) => field.stored === "plain" && field.origin === "given",
  );
  const may = `hasLiveSession()${demands(collection.access.needs?.write)}`;
  const was = isSubject(subject, "resource.data");
  const willBe = isSubject(subject, "incoming()");
  const checks = [
    `changed().hasOnly(${quoted(given.map(({ name }) => name))})`,
    ...given.map((field) => fieldCheck(field, retention.from)),
  ];
  const valid = checks.join("\n    && ");
  return [
    `allow create: if ${may} && ${willBe} && isValid();`,
    `allow update: if ${may} && ${was === willBe ? was : `${was} && ${willBe}`} && isValid();`,
    // Deleting is a write of every field, and encrypted ones are the functions' to write.
    ...(encrypted.length === 0 ? [`allow delete: if ${may} && ${was};`] : []),
    `function isValid() {\n  return ${valid};\n}`,
  ];
};

const fieldCheck = (field: Field, retainedFrom: string | undefined): string => {
  const value = fieldOf("incoming()", field.name);
  const typed = `${value} is ${RULES_TYPE[field.type]}`;
  if (field.name !== retainedFrom) return `(!('${field.name}' in incoming()) || ${typed})`;
  // Retention runs from it: it must be there, and not in the future, or the document would outlive its time.
  return `${typed} && ${value} <= ${field.type === "timestamp" ? "request.time" : "request.time.toMillis()"}`;
};

const RULES_TYPE: Readonly<Record<FieldType, string>> = {
  string: "string",
  number: "number",
  boolean: "bool",
  timestamp: "timestamp",
  map: "map",
  array: "list",
  bytes: "bytes",
  geopoint: "latlng",
  reference: "path",
};
