/** Kinds of data keys: one a data class, and VAULT for L4 fields (`hardware: true`), whose KMS key never leaves an HSM. */
export type KeyTier = "RED" | "AMBER" | "VAULT";

/** A tier, and where its KMS key is when that is not the home location: `RED`, `AMBER@us-east1`. */
export type KeyClass = KeyTier | `${KeyTier}@${string}`;

export const KEY_TIERS: readonly KeyTier[] = ["RED", "AMBER", "VAULT"];

/** @param location absent: home */
export const keyClassOf = (tier: KeyTier, location: string | undefined): KeyClass =>
  location === undefined ? tier : `${tier}@${location}`;

export const tierOf = (keyClass: KeyClass): KeyTier => parts(keyClass).tier;

/** Undefined for home. */
export const locationOf = (keyClass: KeyClass): string | undefined => parts(keyClass).location;

/** Whether a name, such as a field of a stored document, is a key class. */
export const isKeyClass = (name: string): name is KeyClass => /^(?:RED|AMBER|VAULT)(?:@[a-z0-9-]+)?$/.test(name);

const parts = (keyClass: KeyClass): { tier: KeyTier; location: string | undefined } => {
  const at = keyClass.indexOf("@");
  return at === -1
    ? { tier: keyClass as KeyTier, location: undefined }
    : { tier: keyClass.slice(0, at) as KeyTier, location: keyClass.slice(at + 1) };
};
