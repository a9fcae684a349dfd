/**
 * Every name this program gives. Nothing random: a name is a promise to code, runbooks and other stacks, and each
 * environment is a project of its own, so no environment is spelt in a name.
 */
export const DOMAINS = ["identity", "encryption", "detection", "privacy", "incidents", "audit"] as const;
export type Domain = (typeof DOMAINS)[number];

/** Account ids need 6 to 30 characters, so that `audit` alone would be refused. */
export const accountId = (domain: Domain): string => `fn-${domain}`;

/** `<ring>/<key>` of every KMS key. functions/ asks for exactly these. */
export const KEYS = [
  "firekeep-red/fields",
  "firekeep-amber/fields",
  "firekeep-vault/fields",
  "firekeep-index/roots",
  "firekeep-audit/signing",
  "firekeep-audit/events",
] as const;
export type KeyName = (typeof KEYS)[number];

/** Keys that wrap people's data keys: in every location, since a collection may be restricted to one. The others are at home. */
export const FIELD_KEYS: readonly KeyName[] = ["firekeep-red/fields", "firekeep-amber/fields", "firekeep-vault/fields"];

export const ringOf = (key: KeyName): string => key.slice(0, key.indexOf("/"));
export const shortKeyName = (key: KeyName): string => key.slice(key.indexOf("/") + 1);

export const TOPICS = ["security-events", "risk-assessed", "identity-activity"] as const;
export type Topic = (typeof TOPICS)[number];

export const deadLetter = (topic: Topic): string => `${topic}-dead-letter`;

/** `(default)` holds the app and Firekeep's collections, `keys` the wrapped data keys. */
export const DATABASES = ["(default)", "keys"] as const;
export type DatabaseName = (typeof DATABASES)[number];

/** Bucket names are global, so that the project id is part of them. */
export const evidenceBucket = (project: string): string => `${project}-firekeep-evidence`;
export const EVIDENCE_DATASET = "firekeep_evidence";

/** Secrets that an operator fills; `<domain>` reads them. No value passes through this program or its state. */
export const SECRETS = ["FIREKEEP_SMTP_URL"] as const;
export type SecretName = (typeof SECRETS)[number];

export const ARMOR_POLICY = "firekeep-shield";

/** A Pulumi name out of parts such as `(default)`, `firekeep-red/fields` or `roles/datastore.user`. */
export const resourceName = (...parts: readonly string[]): string =>
  parts.map((part) => part.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "")).join("-");
