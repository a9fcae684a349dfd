import { kmsError } from "./errors.ts";

const ID = "[a-zA-Z0-9_-]{1,63}";
const LOCATION = "projects/[^/]+/locations/[a-z0-9-]+";
const PATTERNS = {
  location: LOCATION,
  keyRing: `${LOCATION}/keyRings/${ID}`,
  cryptoKey: `${LOCATION}/keyRings/${ID}/cryptoKeys/${ID}`,
  cryptoKeyVersion: `${LOCATION}/keyRings/${ID}/cryptoKeys/${ID}/cryptoKeyVersions/[1-9][0-9]{0,9}`,
};
const EXPRESSIONS = Object.fromEntries(
  Object.entries(PATTERNS).map(([kind, pattern]) => [kind, new RegExp(`^${pattern}$`)]),
) as Record<ResourceKind, RegExp>;
const VALID_ID = new RegExp(`^${ID}$`);

export type ResourceKind = keyof typeof PATTERNS;

/** True when `name` is a full resource name of that kind. */
export const isName = (kind: ResourceKind, name: string): boolean => EXPRESSIONS[kind].test(name);

/** The name, unchanged. @throws INVALID_ARGUMENT when it is not of that kind */
export const requireName = (kind: ResourceKind, name: string | null | undefined): string => {
  if (typeof name !== "string" || !isName(kind, name)) throw kmsError("name-invalid", `Resource name '${name ?? ""}'`);
  return name;
};

/** The identifier, unchanged. @throws INVALID_ARGUMENT when it breaks Cloud KMS's rule for ids */
export const requireId = (id: string | null | undefined): string => {
  if (typeof id !== "string" || !VALID_ID.test(id)) throw kmsError("id-invalid", id ?? "");
  return id;
};

/** Splits a version's name into its key's name and its number. */
export const splitVersionName = (name: string): { keyName: string; id: number } => {
  const [keyName = "", id = ""] = requireName("cryptoKeyVersion", name).split("/cryptoKeyVersions/");
  return { keyName, id: Number(id) };
};

/** The key that a key's or version's name is about; undefined for other names. */
export const keyNameOf = (name: string): string | undefined => {
  const keyName = name.split("/cryptoKeyVersions/")[0] ?? "";
  return isName("cryptoKey", keyName) ? keyName : undefined;
};
