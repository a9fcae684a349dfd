/**
 * The data map: what an operator writes once about every collection and bucket folder. Encryption, access logging, rules,
 * retention, export, erasure and the records of processing (GDPR Art. 30) are made from it.
 */

/** RED: credentials, identity, payment, private messages. AMBER: personal. GREEN: public or harmless. */
export type DataClass = "RED" | "AMBER" | "GREEN";

/** GDPR Art. 6(1) (a)–(f). */
export type LegalBasis =
  "consent" | "contract" | "legal-obligation" | "vital-interests" | "public-task" | "legitimate-interests";

/** What happens to data at the end of its time, or when its subject is erased. */
export type EndAction = "delete" | "anonymise" | "archive";

/** GDPR Art. 17(3): why something outlives an erasure. */
export interface Keep {
  readonly keep: "expression" | "legal-obligation" | "public-health" | "archiving" | "legal-claims";
  readonly because: string;
  readonly days: number;
}

/** How a looked-up value is normalised before its blind index is made. */
export type Lookup = "email" | "phone" | "exact" | "case-insensitive";

export type FieldType =
  "string" | "number" | "boolean" | "timestamp" | "map" | "array" | "bytes" | "geopoint" | "reference";

export interface FieldDeclaration {
  readonly class: DataClass;
  readonly type: FieldType;
  /** What the subject gave, what was seen of them, or what was concluded. Portability (Art. 20) leaves out the last. */
  readonly origin: "given" | "observed" | "inferred";
  /**
   * `token`: encrypted under the subject's own key. `plain`: as it is. RED is always `token`; AMBER is `token` unless said
   * otherwise; GREEN is always `plain`.
   */
  readonly stored?: "token" | "plain";
  /** Makes an encrypted field findable by equality. Needs `stored: "token"`; not for booleans and small sets. */
  readonly lookup?: Lookup;
  /** L4: RED under a hardware key, two-person access. */
  readonly hardware?: boolean;
  /** On erasure: the collection's action unless said otherwise. */
  readonly erase?: EndAction | Keep;
  /** Whether this field is about somebody else, and is redacted from the subject's export (Art. 15(4)). */
  readonly thirdParty?: boolean;
  /**
   * Firekeep's own collections only: a credential or key that is stored as a token, hash or wrapped key of its own making.
   * It is not opened through the map, not exported, and dies with its document.
   */
  readonly sealed?: boolean;
  readonly note?: string;
}

/** Who a document is about: how to get from the document to account ids. */
export type SubjectDeclaration =
  | { readonly by: "path"; readonly variable: string }
  | { readonly by: "field"; readonly field: string }
  /** Several people share the document; erasing one removes them from the array and keeps the rest. */
  | { readonly by: "array"; readonly field: string }
  | { readonly by: "none" };

export interface Retention {
  readonly days: number | "indefinite";
  /** Timestamp field (or epoch-ms number) the time runs from. A folder's objects run from their upload. */
  readonly from?: string;
  readonly then: EndAction;
}

/** Direct access by client SDKs, besides Firekeep's callables. Encrypted fields can only be read through callables. */
export interface Access {
  readonly read: "nobody" | "subject" | "signed-in" | "public";
  readonly write: "nobody" | "subject";
  /** Operators who read it too: holders of this permission, in a live session at AAL2. */
  readonly operators?: OperatorPermission;
  /** What more of the session clients must have to read or write it themselves. Not for what functions encrypt. */
  readonly needs?: { readonly read?: Demand; readonly write?: Demand };
}

/** What a session must have besides being live. */
export interface Demand {
  readonly assurance?: 2 | 3;
  /** A permission of one of its roles, such as `collection.write`. */
  readonly permission?: string;
  /** A second factor given for this scope a short while ago. */
  readonly stepUp?: string;
  /** That it is bound to a device key. */
  readonly device?: true;
}

/** Permissions that operators' roles hold; which role holds which is platform/roles.ts. */
export type OperatorPermission =
  | "accounts.read"
  | "security.read"
  | "security.respond"
  | "privacy.operate"
  | "audit.read"
  | "admin.users"
  | "admin.content"
  | "admin.system";

export interface CollectionDeclaration {
  /** Named database; the default database when absent. */
  readonly database?: "keys";
  /** Template such as `profiles/{uid}` or `chats/{chat}/messages/{message}`. */
  readonly path: string;
  readonly description: string;
  readonly subject: SubjectDeclaration;
  readonly purpose: string;
  readonly legalBasis: LegalBasis;
  readonly retention: Retention;
  /** GDPR Art. 30(1)(d): who receives it besides the controller; `["none"]` when nobody does. */
  readonly recipients: readonly string[];
  /** Where it may be stored, `EU` or ISO 3166 country codes; anywhere when absent. */
  readonly regions?: readonly string[];
  /** On erasure of the subject. */
  readonly erase: EndAction | Keep;
  readonly access: Access;
  /**
   * `document`: one token for all encrypted fields of a document, which hides which of them are there and how long each is. To
   * change one field is to encrypt all again, and they are erased together. Fixed once there are documents. `field` when absent.
   */
  readonly tokens?: "field" | "document";
  /**
   * Firekeep's own collections only: number field of epoch milliseconds. Until then a document is left out of its subject's
   * export, because telling it would defeat what it is for (GDPR Art. 23).
   */
  readonly withheldUntil?: string;
  /** Composite indexes that queries need, such as `["uid", "at desc"]`. */
  readonly indexes?: readonly (readonly string[])[];
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
}

export interface FolderDeclaration {
  /** Bucket folder template that ends in `/`, such as `photos/{uid}/`. */
  readonly folder: string;
  readonly description: string;
  readonly class: DataClass;
  /**
   * `token`: encrypted under the subject's own key; closed to direct access, used by the file functions. `plain`: as it is.
   * RED is always `token`; AMBER is `plain` unless said otherwise; GREEN is always `plain`.
   */
  readonly stored?: "token" | "plain";
  readonly subject: { readonly by: "path"; readonly variable: string } | { readonly by: "none" };
  readonly purpose: string;
  readonly legalBasis: LegalBasis;
  readonly retention: Retention;
  readonly recipients: readonly string[];
  readonly regions?: readonly string[];
  readonly erase: EndAction | Keep;
  readonly access: Access;
  /** Largest object a client may write, bytes. */
  readonly maxBytes: number;
  readonly contentTypes: readonly string[];
}

export interface DataMapDeclaration {
  /** Lower-case name of the app. */
  readonly app: string;
  /** Art. 30(1)(a): who answers for the processing. */
  readonly controller: { readonly name: string; readonly contact: string; readonly dpo?: string };
  readonly collections: Readonly<Record<string, CollectionDeclaration>>;
  readonly folders: Readonly<Record<string, FolderDeclaration>>;
  /** Auth record fields are always GREEN/AMBER held by Identity Platform; it is erased last. */
  readonly authRecord: { readonly purpose: string; readonly legalBasis: LegalBasis };
}
