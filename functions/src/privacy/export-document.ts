import type { Collection } from "../kernel/data-map/map.js";
import { typedJson } from "./typed-json.js";

/** What stands in the place of data about somebody else (GDPR Art. 15(4)), and of credentials. */
export const REDACTED = "[about somebody else]";
export const WITHHELD = "[a credential: it is never handed out]";

/** A document's opened values as its subject may have them. */
export const exportDocument = (
  collection: Collection,
  uid: string,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => !name.startsWith("_"))
      .map(([name, value]) => [name, exportField(collection, uid, name, value)]),
  );

const exportField = ({ fields, subject }: Collection, uid: string, name: string, value: unknown): unknown => {
  const field = fields[name];
  if (field?.sealed === true) return WITHHELD;
  if (field?.thirdParty === true) return REDACTED;
  if (subject.by === "array" && subject.field === name && Array.isArray(value)) {
    return value.map((member: unknown) => (member === uid ? uid : REDACTED));
  }
  return typedJson(value);
};
