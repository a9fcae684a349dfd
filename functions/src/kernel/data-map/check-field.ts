import type { FieldDeclaration } from "./declaration.js";
import type { Tell } from "./fault.js";
import type { LooseCollection, LooseField } from "./read-declaration.js";

/** Who declared it: the operator, or Firekeep itself. */
export type Owner = "app" | "firekeep";

/** How a field is stored when the declaration does not say. */
export const storedAs = (field: Pick<FieldDeclaration, "class"> | LooseField): "token" | "plain" => {
  const given = field as LooseField;
  return given.stored ?? (given.sealed === true || given.class === "GREEN" ? "plain" : "token");
};

/** Tells everything wrong with one field of a collection. */
export const checkField = (
  {
    at,
    name,
    field,
    collection,
    owner,
  }: { at: string; name: string; field: LooseField; collection: LooseCollection; owner: Owner },
  tell: Tell,
): void => {
  if (name.startsWith("_")) tell(at, "names that begin with _ (_e, _b, _ek …) are Firekeep's own; rename the field");
  else if (!/^[A-Za-z]\w*$/.test(name)) tell(at, "a field name is letters, digits and _, and begins with a letter");
  for (const { says, broken } of FIELD_FAULTS) if (broken(field, collection, owner)) tell(at, says);
};

interface FieldFault {
  readonly says: string;
  readonly broken: (field: LooseField, collection: LooseCollection, owner: Owner) => boolean;
}

const isToken = (field: LooseField): boolean => storedAs(field) === "token";

const FIELD_FAULTS: readonly FieldFault[] = [
  {
    says: "RED must be stored as token",
    broken: (field) => field.class === "RED" && !isToken(field) && field.sealed !== true,
  },
  {
    says: "GREEN is always plain; leave `stored` out, or make the class AMBER or RED",
    broken: (field) => field.class === "GREEN" && field.stored === "token",
  },
  {
    says: "hardware keys are for RED only; make the class RED or leave `hardware` out",
    broken: (field) => field.hardware === true && field.class !== undefined && field.class !== "RED",
  },
  {
    says: "lookup needs a field stored as token; leave it out, plain fields can be queried as they are",
    broken: (field) => field.lookup !== undefined && field.class !== undefined && !isToken(field),
  },
  {
    says: "lookup is for text and numbers; other types have too few values or no equality to search by",
    broken: (field) =>
      field.lookup !== undefined && field.type !== undefined && !["string", "number"].includes(field.type),
  },
  {
    says: 'a number is looked up as "exact"',
    broken: (field) => field.type === "number" && field.lookup !== undefined && field.lookup !== "exact",
  },
  {
    says: "an encrypted field needs one person whose key it is under; give the collection a subject by path or by field",
    broken: (field, { subject }) => isToken(field) && (subject?.by === "array" || subject?.by === "none"),
  },
  {
    says: "its document is deleted with the subject; say erase on the collection instead",
    broken: (field, collection) =>
      collection.erase === "delete" && field.erase !== undefined && field.erase !== "delete",
  },
  {
    says: 'an erased subject\'s key is destroyed, so an encrypted field cannot be kept; say erase: "delete" on the field',
    broken: (field, { erase }) => isToken(field) && typeof (field.erase ?? erase) === "object",
  },
  {
    says: 'one token holds all encrypted fields of a document (tokens: "document"), so that they go together; say erase: "delete", or leave it out',
    broken: (field, { tokens }) =>
      tokens === "document" && isToken(field) && field.erase !== undefined && field.erase !== "delete",
  },
  {
    says: 'L4 has a key of its own, and cannot share the one token of a document; leave `hardware` or tokens: "document" out',
    broken: (field, { tokens }) => tokens === "document" && field.hardware === true,
  },
  {
    says: "a client may not write what was observed or inferred; write the collection by function, or move the field",
    broken: (field, { access }) => access?.write === "subject" && !isToken(field) && field.origin !== "given",
  },
  {
    says: "AMBER would be readable by anybody; take `public` away, encrypt it, or move it to another collection",
    broken: (field, { access }) => access?.read === "public" && field.class === "AMBER" && !isToken(field),
  },
  {
    says: "rules cannot hide single fields, so others would get the ciphertext; move it to a collection that only the subject reads",
    broken: (field, { access }) => (access?.read === "public" || access?.read === "signed-in") && isToken(field),
  },
  {
    says: "personal data without a subject can be neither exported nor erased; say whose it is",
    broken: (field, { subject }, owner) =>
      owner === "app" && subject?.by === "none" && (field.class === "AMBER" || field.class === "RED"),
  },
  {
    says: '`sealed` is for Firekeep\'s own collections; use stored: "token"',
    broken: (field, _, owner) => field.sealed === true && owner === "app",
  },
  {
    says: "a sealed field is stored plain, as the token or hash it already is, and cannot be looked up",
    broken: (field) => field.sealed === true && (field.stored === "token" || field.lookup !== undefined),
  },
];
