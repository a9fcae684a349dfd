import type { Collection } from "../kernel/data-map/map.js";
import { typedJson } from "./typed-json.js";

/** What stands in the place of data about somebody else (GDPR Art. 15(4)), and of credentials. */
export const REDACTED = "[about somebody else]";
export const WITHHELD = "[a credential: it is never handed out]";
/** What stands in the place of a field under the hardware key: no function but the vault's may open it, two officers together. */
export const HELD =
  "[held under two-person access: ask the controller for it (Art. 15), and two officers open it for you]";

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

/** The fields under the hardware key that a stored document has, each with what stands in its place. */
export const heldFields = (
  { encrypted }: Collection,
  { _e: tokens }: Readonly<Record<string, unknown>>,
): Record<string, unknown> => {
  const stored = typeof tokens === "object" && tokens !== null ? tokens : {};
  const held = encrypted.filter(({ name, hardware }) => hardware === true && Object.hasOwn(stored, name));
  return Object.fromEntries(held.map(({ name }) => [name, HELD]));
};

/** Whether telling the person of this document would defeat what it is for (GDPR Art. 23). */
export const isWithheld = (
  { withheldUntil }: Collection,
  data: Readonly<Record<string, unknown>>,
  now: number,
): boolean => {
  const until = withheldUntil === undefined ? undefined : data[withheldUntil];
  return typeof until === "number" && now < until;
};

const exportField = ({ fields, subject }: Collection, uid: string, name: string, value: unknown): unknown => {
  const field = fields[name];
  if (field?.sealed === true) return WITHHELD;
  if (field?.hardware === true) return HELD;
  if (field?.thirdParty === true) return REDACTED;
  if (subject.by === "array" && subject.field === name && Array.isArray(value)) {
    return value.map((member: unknown) => (member === uid ? uid : REDACTED));
  }
  return typedJson(value);
};
