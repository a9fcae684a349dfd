import type { FieldPlan, DocumentPlan } from "../tokens/document-plan.js";
import { openDocument } from "../tokens/open-document.js";
import type { Values } from "../tokens/seal-document.js";
import { toJson } from "./json-value.js";
import type { ReadDeps } from "./open-documents.js";
import type { Reading } from "./reader.js";

/**
 * A stored document as an answer: the declared fields, decrypted, as JSON; L4 fields stay closed. The reading has to be
 * settled before the answer is given: what cannot be put on record is not shown.
 *
 * @param holds decides on the true values whether the document is shown at all; one that is not was not read
 */
export const showDocument = async (
  deps: ReadDeps,
  { reading, plan }: { reading: Reading; plan: DocumentPlan },
  document: { path: string; data: Readonly<Values>; subject: string },
  holds: (values: Readonly<Values>) => boolean = () => true,
): Promise<Values | undefined> => {
  const { collection, fields } = plan;
  const { path, data, subject } = document;
  const opened = await openDocument(deps, { collection: collection.name, path, data });
  if (!holds(opened)) return undefined;
  const values = Object.fromEntries(Object.entries(opened).filter(([name]) => isShown(fields.get(name))));
  reading.opened({ plan, path, subject, values });
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toJson(deps.natives, value)]));
};

const isShown = (field: FieldPlan | undefined): boolean => field !== undefined && field.field.hardware !== true;

/** Names of the L4 fields that the document has. Their values are opened by two people only. */
export const hardwareFields = ({ collection, fields }: DocumentPlan, data: Readonly<Values>): string[] =>
  Object.keys(collection.fields)
    .filter((name) => fields.get(name)?.field.hardware === true)
    .filter((name) => Object.hasOwn(data["_e"] ?? {}, name))
    .sort();
