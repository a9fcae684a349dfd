import type { DatabaseName, Domain, KeyName, SecretName, Topic } from "./names.ts";

/**
 * Who may do what: the whole of it. Components only turn these tables into grants; a test compares the grants with them.
 * A row is added here, with its reason, or it does not exist.
 */
export type KeyUse = "encrypt" | "decrypt" | "sign";

export const KEY_ROLES: Record<KeyUse, string> = {
  encrypt: "roles/cloudkms.cryptoKeyEncrypter",
  decrypt: "roles/cloudkms.cryptoKeyDecrypter",
  sign: "roles/cloudkms.signerVerifier", // signs, and reads the public key that goes beside the signature
};

const BOTH = ["encrypt", "decrypt"] as const;

/** The field library runs inside the functions that own protected fields, so these domains hold the keys, and no other. */
export const KEY_USERS: Record<KeyName, Partial<Record<Domain, readonly KeyUse[]>>> = {
  "firekeep-red/fields": {
    encryption: BOTH,
    identity: BOTH, // seeds of one-time codes, phone numbers
    incidents: BOTH, // secrets of outgoing webhooks
    privacy: BOTH, // exports read, and are sealed; erasure destroys wrapped keys and needs no key itself
  },
  "firekeep-amber/fields": { encryption: BOTH, identity: BOTH, incidents: BOTH, privacy: ["decrypt"] },
  // L4: opened after two people agreed, by the functions that check it. Exports leave it out; erasing needs no key.
  "firekeep-vault/fields": { encryption: BOTH },
  "firekeep-index/roots": {
    encryption: BOTH,
    identity: BOTH, // hashes of backup codes
    detection: ["decrypt"], // counts failed sign-ins of names it must not keep
    incidents: ["decrypt"], // an operator's backup code comes along with the call it guards
    privacy: ["decrypt"], // finds what to erase
  },
  "firekeep-audit/signing": { audit: ["sign"], privacy: ["sign"] }, // checkpoints; receipts of erasure
  "firekeep-audit/events": { identity: ["sign"] }, // security event tokens for other services
};

/**
 * Who may read and write which database. Every domain records events, and the pseudonyms under which it does so live
 * with the keys, for they must be forgotten with them. A wrapped key is of no use without a grant in KEY_USERS.
 */
export const DATABASE_USERS: Record<DatabaseName, readonly Domain[]> = {
  "(default)": ["identity", "encryption", "detection", "privacy", "incidents", "audit"],
  keys: ["identity", "encryption", "detection", "privacy", "incidents", "audit"],
};

/** Who may publish. `identity-activity` is written by its log sink alone. */
export const TOPIC_PUBLISHERS: Record<Topic, readonly Domain[]> = {
  "security-events": ["identity", "encryption", "detection", "privacy", "incidents", "audit"],
  "risk-assessed": ["detection"],
  "identity-activity": [],
};

/**
 * Who may write the app's bucket: `encryption` puts encrypted files there and hands them out, `privacy` puts exports there
 * and removes a person's files.
 */
export const BUCKET_USERS: readonly Domain[] = ["encryption", "privacy"];

/** Permissions on Firebase Authentication. Google's only role that can write there is an admin role: far too much. */
export const ACCOUNT_PERMISSIONS: Partial<Record<Domain, readonly string[]>> = {
  // Sign-up and password change go through our functions where the proxy is on.
  identity: ["firebaseauth.users.get", "firebaseauth.users.update", "firebaseauth.users.create"],
  detection: ["firebaseauth.users.get"], // whose address a failed sign-in named
  incidents: ["firebaseauth.users.get", "firebaseauth.users.update"], // containment: disable, revoke
  privacy: ["firebaseauth.users.get", "firebaseauth.users.update", "firebaseauth.users.delete"], // revoke, then delete
};

/** Who queues tasks that call back as its own account: a grant on the account, to the account. */
export const TASK_CALLERS: readonly Domain[] = ["identity", "encryption", "incidents", "privacy"];

/**
 * Who signs custom tokens as its own account (`signBlob`): the sign-ins that Firekeep checks itself end with one. A grant on
 * the account, to the account: nobody becomes another by it.
 */
export const TOKEN_SIGNERS: readonly Domain[] = ["identity"];

/** Who reads which secret. */
export const SECRET_READERS: Record<SecretName, readonly Domain[]> = {
  FIREKEEP_SMTP_URL: ["identity"], // notices, codes and links by mail
};

export interface ProjectGrant {
  readonly role: string;
  readonly domains: readonly Domain[];
  readonly why: string;
}

/** Roles that only exist on the project, because what they are for is made by a later deploy, not by this program. */
export const PROJECT_GRANTS: readonly ProjectGrant[] = [
  {
    role: "roles/eventarc.eventReceiver",
    domains: ["identity", "detection", "incidents"],
    why: "Event triggers deliver as the function's own account.",
  },
  {
    role: "roles/run.invoker",
    domains: ["identity", "encryption", "detection", "incidents", "privacy"],
    why: "Deliveries call a service that `firebase deploy` makes; Cloud Run takes no condition on its name.",
  },
  {
    role: "roles/cloudtasks.enqueuer",
    domains: TASK_CALLERS,
    why: "Queues are made by `firebase deploy`.",
  },
];
