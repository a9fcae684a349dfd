import type { DocumentReference, Firestore } from "firebase-admin/firestore";
import { fillPath, type PathParams } from "../../kernel/data-map/paths.js";
import { encryptionError } from "../errors.js";
import type { DocumentPlan } from "../tokens/document-plan.js";
import type { SealRequest, Values } from "../tokens/seal-document.js";

/** @throws encryption/path-wrong, naming the template */
export const referenceOf = (firestore: Firestore, { collection }: DocumentPlan, params: object): DocumentReference => {
  const { path, variables } = collection;
  if (Object.keys(params).length !== variables.length) throw wrongPath(path);
  try {
    return firestore.doc(fillPath(path, params as PathParams));
  } catch (cause) {
    throw wrongPath(path, cause);
  }
};

/** What there is to seal. A whole document names its subject, where a field of its own does that. */
export const requestOf = (
  plan: DocumentPlan,
  place: {
    readonly params: object;
    readonly path: string;
    readonly values: Readonly<Values>;
    readonly subject?: string;
    readonly whole: boolean;
  },
): SealRequest => {
  const { name, subject: by } = plan.collection;
  const { path, whole } = place;
  const subject = subjectFor(plan, place);
  const named = whole && by.by === "field" && subject !== "" ? { [by.field]: subject } : {};
  return { collection: name, path, subject, values: { ...named, ...place.values } };
};

/** By its path, by its own field, or as is said. Nobody, where nothing of it is encrypted. @throws encryption/subject-missing */
const subjectFor = (
  { collection }: DocumentPlan,
  place: { readonly params: object; readonly values: Readonly<Values>; readonly subject?: string },
): string => {
  const by = collection.subject;
  if (by.by === "none" || by.by === "array") return "";
  const given = by.by === "path" ? (place.params as PathParams)[by.variable] : place.values[by.field];
  const subject = given ?? place.subject;
  if (typeof subject === "string" && subject !== "") return subject;
  if (!collection.encrypted.some(({ name }) => Object.hasOwn(place.values, name))) return "";
  throw encryptionError("subject-missing", { details: { remedy: "say { subject }, or give the field that names it" } });
};

const wrongPath = (template: string, cause?: unknown) =>
  encryptionError("path-wrong", { details: { template }, ...(cause !== undefined && { cause }) });
