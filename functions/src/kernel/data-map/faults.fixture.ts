/**
 * Every way in which a map can be wrong: what to plant, and the fault that must then be in the list.
 * `collection`, `field` and `folder` are laid over a sound one of which nothing else is wrong.
 */
export interface Planted {
  readonly says: string;
  readonly collection?: object;
  readonly field?: object;
  readonly folder?: object;
  readonly map?: object;
  /** Path of the fault; `@` stands for the planted collection or folder. */
  readonly at: string;
  readonly expected: RegExp;
}

const plain = { type: "string", origin: "given", stored: "plain" };
const closed = { class: "RED", access: { read: "subject", write: "subject" } };
const noSubject = {
  subject: { by: "none" },
  access: { read: "nobody", write: "nobody" },
  fields: { n: { ...plain, class: "GREEN" } },
};

export const PLANTED: readonly Planted[] = [
  // Shape: the file may come from JavaScript.
  {
    says: "an unknown key",
    collection: { encrypted: true },
    at: "@.encrypted",
    expected: /unknown key; use one of .*path/,
  },
  { says: "a missing key", collection: { purpose: undefined }, at: "@.purpose", expected: /missing/ },
  { says: "an empty purpose", collection: { purpose: " " }, at: "@.purpose", expected: /not empty/ },
  {
    says: "an unknown legal basis",
    collection: { legalBasis: "because" },
    at: "@.legalBasis",
    expected: /unknown value "because"; use one of consent/,
  },
  {
    says: "an unknown end",
    collection: { retention: { days: "indefinite", then: "forget" } },
    at: "@.retention.then",
    expected: /unknown value "forget"/,
  },
  {
    says: "retention of no days",
    collection: { retention: { days: 0, from: "seenAt", then: "delete" } },
    at: "@.retention.days",
    expected: /over 0/,
  },
  {
    says: "a demand on readers that nobody is",
    collection: {
      access: { read: "nobody", write: "nobody", needs: { read: { assurance: 2 } } },
      fields: { n: { ...plain, class: "AMBER" } },
    },
    at: "@.access.needs.read",
    expected: /no reader in a session/,
  },
  {
    says: "a demand on writers that nobody is",
    collection: {
      access: { read: "subject", write: "nobody", needs: { write: { device: true } } },
      fields: { n: { ...plain, class: "AMBER" } },
    },
    at: "@.access.needs.write",
    expected: /no client writes/,
  },
  {
    says: "a demand that the document functions would go round",
    collection: { access: { read: "subject", write: "nobody", needs: { read: { assurance: 2 } } } },
    at: "@.access.needs",
    expected: /encrypted fields go through the document functions/,
  },
  {
    says: "a demand of assurance 1",
    collection: { access: { read: "subject", write: "nobody", needs: { read: { assurance: 1 } } } },
    at: "@.access.needs.read.assurance",
    expected: /must be 2 or 3/,
  },
  {
    says: "a scope that would break out of the rules",
    collection: { access: { read: "subject", write: "nobody", needs: { read: { stepUp: "a') || true || ('" } } } },
    at: "@.access.needs.read.stepUp",
    expected: /must be a scope/,
  },
  {
    says: "a permission that would break out of the rules",
    collection: { access: { read: "subject", write: "nobody", needs: { read: { permission: "a')" } } } },
    at: "@.access.needs.read.permission",
    expected: /must be a permission/,
  },
  {
    says: "a demand of no device",
    collection: { access: { read: "subject", write: "nobody", needs: { read: { device: false } } } },
    at: "@.access.needs.read.device",
    expected: /must be true/,
  },
  {
    says: "a demand on whoever reads a public folder",
    folder: { class: "GREEN", access: { read: "public", write: "subject", needs: { read: { assurance: 2 } } } },
    at: "@.access.needs.read",
    expected: /no reader in a session/,
  },
  {
    says: "a demand on whoever writes a folder that nobody writes",
    folder: { access: { read: "subject", write: "nobody", needs: { write: { assurance: 2 } } } },
    at: "@.access.needs.write",
    expected: /no client writes/,
  },
  { says: "no recipients", collection: { recipients: [] }, at: "@.recipients", expected: /\["none"\]/ },
  { says: "an empty recipient", collection: { recipients: [""] }, at: "@.recipients.0", expected: /not valid/ },
  {
    says: "nobody and somebody",
    collection: { recipients: ["none", "tax authority"] },
    at: "@.recipients",
    expected: /stands alone/,
  },
  { says: "no regions", collection: { regions: [] }, at: "@.regions", expected: /leave the key out/ },
  { says: "an unknown region", collection: { regions: ["Europe"] }, at: "@.regions.0", expected: /country codes/ },
  { says: "a region twice", collection: { regions: ["EU", "EU"] }, at: "@.regions.1", expected: /twice/ },
  {
    says: "keep without reason",
    collection: { erase: { keep: "legal-claims", because: "", days: 9 } },
    at: "@.erase.because",
    expected: /not empty/,
  },
  {
    says: "keep for no days",
    collection: { erase: { keep: "legal-claims", because: "claims", days: 0 } },
    at: "@.erase.days",
    expected: /over 0/,
  },
  {
    says: "keep for an unknown ground",
    collection: { erase: { keep: "curiosity", because: "claims", days: 9 } },
    at: "@.erase.keep",
    expected: /unknown value/,
  },
  {
    says: "an unknown operator permission",
    collection: { access: { read: "nobody", write: "nobody", operators: "all" } },
    at: "@.access.operators",
    expected: /security\.read/,
  },
  {
    says: "an unknown class",
    field: { ...plain, class: "BLUE" },
    at: "@.fields.planted.class",
    expected: /RED, AMBER, GREEN/,
  },
  {
    says: "an unknown type",
    field: { ...plain, class: "GREEN", type: "text" },
    at: "@.fields.planted.type",
    expected: /string, number/,
  },
  {
    says: "a hardware flag that is none",
    field: { class: "RED", type: "string", origin: "given", hardware: "yes" },
    at: "@.fields.planted.hardware",
    expected: /true or false/,
  },
  { says: "fields that are a list", collection: { fields: [] }, at: "@.fields", expected: /object/ },
  { says: "a collection that is nothing", map: { collections: { planted: null } }, at: "@", expected: /object/ },
  { says: "an app without a proper name", map: { app: "My App" }, at: "app", expected: /lower-case/ },
  { says: "no controller", map: { controller: undefined }, at: "controller", expected: /missing/ },
  {
    says: "no contact",
    map: { controller: { name: "A", contact: "" } },
    at: "controller.contact",
    expected: /not empty/,
  },
  { says: "no folders", map: { folders: undefined }, at: "folders", expected: /missing/ },

  // Paths.
  { says: "a variable without a name", collection: { path: "planted/{}" }, at: "@.path", expected: /needs a name/ },
  {
    says: "a variable in part of a segment",
    collection: { path: "planted/x{uid}" },
    at: "@.path",
    expected: /segment of its own/,
  },
  { says: "a variable twice", collection: { path: "planted/{uid}/more/{uid}" }, at: "@.path", expected: /there twice/ },
  {
    says: "a word of the rules language",
    collection: { path: "planted/{uid}/x/{match}" },
    at: "@.path",
    expected: /word of the rules/,
  },
  {
    says: "a name that the rules use",
    collection: { path: "planted/{uid}/x/{database}" },
    at: "@.path",
    expected: /word of the rules/,
  },
  { says: "a path to a collection", collection: { path: "planted" }, at: "@.path", expected: /even number/ },
  { says: "an empty segment", collection: { path: "planted//{uid}/x" }, at: "@.path", expected: /segment ""/ },
  {
    says: "a collection named by a variable",
    collection: { path: "{kind}/{uid}" },
    at: "@.path",
    expected: /cannot be a variable/,
  },
  {
    says: "another template for the same documents",
    collection: { path: "people/{id}", subject: { by: "path", variable: "id" } },
    at: "@.path",
    expected: /same documents/,
  },
  { says: "a collection id of Firekeep's own", collection: { path: "limits/{uid}" }, at: "@.path", expected: /limits/ },
  {
    says: "a collection id of Firekeep's own, lower down",
    collection: { path: "people/{uid}/limits/{limit}" },
    at: "@.path",
    expected: /Firekeep's own/,
  },
  {
    says: "the same group with another subject",
    collection: { path: "groups/{uid}/people/{id}", subject: { by: "path", variable: "id" } },
    at: "@.subject",
    expected: /same collection id people/,
  },

  // Subjects.
  {
    says: "a subject variable that is not in the path",
    collection: { subject: { by: "path", variable: "user" } },
    at: "@.subject.variable",
    expected: /not in the path/,
  },
  {
    says: "a subject field that is missing",
    collection: { subject: { by: "field", field: "owner" } },
    at: "@.subject.field",
    expected: /no field owner/,
  },
  {
    says: "a subject field that is encrypted",
    collection: { subject: { by: "field", field: "email" } },
    at: "@.subject.field",
    expected: /encrypted/,
  },
  {
    says: "a subject field of another type",
    collection: { subject: { by: "field", field: "seenAt" } },
    at: "@.subject.field",
    expected: /type string/,
  },
  {
    says: "a subject array of another type",
    collection: { subject: { by: "array", field: "name" } },
    at: "@.subject.field",
    expected: /type array/,
  },
  {
    says: "an unknown kind of subject",
    collection: { subject: { by: "magic" } },
    at: "@.subject.by",
    expected: /unknown value/,
  },
  {
    says: "a field inherited from Object",
    collection: { subject: { by: "field", field: "constructor" } },
    at: "@.subject.field",
    expected: /no field constructor/,
  },

  // Retention and erasure.
  {
    says: "retention from a missing field",
    collection: { retention: { days: 9, from: "usedAt", then: "delete" } },
    at: "@.retention.from",
    expected: /no field usedAt/,
  },
  {
    says: "retention from nothing",
    collection: { retention: { days: 9, then: "delete" } },
    at: "@.retention.from",
    expected: /from which/,
  },
  {
    says: "retention from a text",
    collection: { retention: { days: 9, from: "name", then: "delete" } },
    at: "@.retention.from",
    expected: /timestamp/,
  },
  {
    says: "retention from an encrypted field",
    collection: { retention: { days: 9, from: "email", then: "delete" } },
    at: "@.retention.from",
    expected: /encrypted/,
  },
  {
    says: "anonymising what the path names",
    collection: { erase: "anonymise" },
    at: "@.erase",
    expected: /path names/,
  },
  {
    says: "anonymising old documents that the path names",
    collection: { retention: { days: 9, from: "seenAt", then: "anonymise" } },
    at: "@.retention.then",
    expected: /path names/,
  },
  {
    says: "a field that outlives its document",
    field: { ...plain, class: "AMBER", erase: { keep: "legal-claims", because: "claims", days: 9 } },
    at: "@.fields.planted",
    expected: /deleted with the subject/,
  },
  {
    says: "keeping what no key opens",
    collection: { erase: { keep: "legal-claims", because: "claims", days: 9 } },
    at: "@.fields.email",
    expected: /key is destroyed/,
  },
  {
    says: "withholding documents of the app's from exports",
    collection: { withheldUntil: "seenAt" },
    at: "@.withheldUntil",
    expected: /Firekeep's own/,
  },

  // Classes.
  {
    says: "RED as plain",
    field: { ...plain, class: "RED" },
    at: "@.fields.planted",
    expected: /^RED must be stored as token$/,
  },
  {
    says: "GREEN as token",
    field: { ...plain, class: "GREEN", stored: "token" },
    at: "@.fields.planted",
    expected: /GREEN is always plain/,
  },
  {
    says: "one token a document, and nothing in it",
    collection: { tokens: "document", fields: { n: { ...plain, class: "AMBER" } } },
    at: "@.tokens",
    expected: /no field is encrypted/,
  },
  {
    says: "tokens that are neither",
    collection: { tokens: "blob" },
    at: "@.tokens",
    expected: /unknown value "blob"; use one of field/,
  },
  {
    says: "a field that is to be erased alone although it has no token of its own",
    collection: {
      tokens: "document",
      erase: "anonymise",
      subject: { by: "field", field: "uid" },
      fields: {
        uid: { ...plain, class: "AMBER" },
        planted: { class: "RED", type: "string", origin: "given", erase: "archive" },
      },
    },
    at: "@.fields.planted",
    expected: /one token holds all encrypted fields.*go together/,
  },
  {
    says: "a field that is to be kept although it has no token of its own",
    collection: {
      tokens: "document",
      erase: "anonymise",
      subject: { by: "field", field: "uid" },
      fields: {
        uid: { ...plain, class: "AMBER" },
        planted: {
          class: "RED",
          type: "string",
          origin: "given",
          erase: { keep: "legal-claims", because: "A dispute", days: 9 },
        },
      },
    },
    at: "@.fields.planted",
    expected: /go together/,
  },
  {
    says: "L4 in the one token of a document",
    collection: {
      tokens: "document",
      fields: { planted: { class: "RED", type: "string", origin: "given", hardware: true } },
    },
    at: "@.fields.planted",
    expected: /L4 has a key of its own/,
  },
  {
    says: "hardware without RED",
    field: { ...plain, class: "AMBER", hardware: true },
    at: "@.fields.planted",
    expected: /RED only/,
  },
  {
    says: "lookup on a plain field",
    field: { ...plain, class: "AMBER", lookup: "exact" },
    at: "@.fields.planted",
    expected: /stored as token/,
  },
  {
    says: "lookup on a boolean",
    field: { class: "RED", type: "boolean", origin: "given", lookup: "exact" },
    at: "@.fields.planted",
    expected: /text and numbers/,
  },
  {
    says: "lookup on an array",
    field: { class: "RED", type: "array", origin: "given", lookup: "exact" },
    at: "@.fields.planted",
    expected: /text and numbers/,
  },
  {
    says: "a number looked up as e-mail",
    field: { class: "RED", type: "number", origin: "given", lookup: "email" },
    at: "@.fields.planted",
    expected: /"exact"/,
  },
  {
    says: "an unknown lookup",
    field: { class: "RED", type: "string", origin: "given", lookup: "fuzzy" },
    at: "@.fields.planted.lookup",
    expected: /unknown value/,
  },
  {
    says: "encryption without a person",
    collection: { ...noSubject, fields: { planted: { class: "RED", type: "string", origin: "given" } } },
    at: "@.fields.planted",
    expected: /needs one person/,
  },
  {
    says: "personal data of nobody",
    collection: { ...noSubject, fields: { planted: { ...plain, class: "AMBER" } } },
    at: "@.fields.planted",
    expected: /without a subject/,
  },
  {
    says: "a sealed field in the app",
    field: { class: "RED", type: "bytes", origin: "given", sealed: true },
    at: "@.fields.planted",
    expected: /Firekeep's own/,
  },
  {
    says: "a reserved field",
    collection: { fields: { _e: { ...plain, class: "GREEN" } } },
    at: "@.fields._e",
    expected: /Firekeep's own/,
  },
  {
    says: "a field with a dot",
    collection: { fields: { "a.b": { ...plain, class: "GREEN" } } },
    at: "@.fields.a.b",
    expected: /letters, digits/,
  },
  { says: "no fields", collection: { fields: {} }, at: "@.fields", expected: /hides/ },

  {
    says: "an index on a missing field",
    collection: { indexes: [["name", "age desc"]] },
    at: "@.indexes.0",
    expected: /no field age/,
  },
  {
    says: "an index on an encrypted field",
    collection: { indexes: [["email"]] },
    at: "@.indexes.0",
    expected: /no order/,
  },
  {
    says: "an index that is a text",
    collection: { indexes: ["name"] },
    at: "@.indexes.0",
    expected: /fields in order/,
  },

  // Access.
  {
    says: "AMBER for everybody",
    collection: { access: { read: "public", write: "nobody" } },
    at: "@.fields.name",
    expected: /anybody/,
  },
  {
    says: "ciphertext for everybody",
    collection: { access: { read: "public", write: "nobody" } },
    at: "@.fields.email",
    expected: /ciphertext/,
  },
  {
    says: "ciphertext for members",
    collection: { access: { read: "signed-in", write: "nobody" } },
    at: "@.fields.email",
    expected: /ciphertext/,
  },
  {
    says: "clients that write what was observed",
    collection: { access: { read: "subject", write: "subject" } },
    at: "@.fields.seenAt",
    expected: /observed or inferred/,
  },
  {
    says: "a reader without a subject",
    collection: { ...noSubject, access: { read: "subject", write: "nobody" } },
    at: "@.access.read",
    expected: /no subject/,
  },
  {
    says: "a writer without a subject",
    collection: { ...noSubject, access: { read: "nobody", write: "subject" } },
    at: "@.access.write",
    expected: /one person/,
  },
  {
    says: "the database of keys",
    collection: { database: "keys", access: { read: "nobody", write: "nobody" } },
    at: "@.database",
    expected: /own/,
  },
  {
    says: "clients in the database of keys",
    collection: { database: "keys" },
    at: "@.access",
    expected: /clients never/,
  },

  // Folders.
  { says: "a folder without its /", folder: { folder: "planted/{uid}" }, at: "@.folder", expected: /end in \// },
  {
    says: "a folder with half a variable",
    folder: { folder: "planted/u-{uid}/" },
    at: "@.folder",
    expected: /segment of its own/,
  },
  {
    says: "a folder whose subject is not in it",
    folder: { folder: "planted/{user}/" },
    at: "@.subject.variable",
    expected: /whole segment/,
  },
  {
    says: "a folder in another",
    folder: { folder: "photos/{uid}/planted/" },
    at: "@.folder",
    expected: /same objects/,
  },
  {
    says: "a folder by field",
    folder: { subject: { by: "field", field: "uid" } },
    at: "@.subject.by",
    expected: /unknown value/,
  },
  { says: "a folder of no size", folder: { maxBytes: 0 }, at: "@.maxBytes", expected: /over 0/ },
  { says: "a folder of half bytes", folder: { maxBytes: 1.5 }, at: "@.maxBytes", expected: /whole/ },
  { says: "a folder without types", folder: { contentTypes: [] }, at: "@.contentTypes", expected: /media types/ },
  {
    says: "a folder of an impossible type",
    folder: { contentTypes: ["*"] },
    at: "@.contentTypes.0",
    expected: /media types/,
  },
  {
    says: "a folder whose objects have a field",
    folder: { retention: { days: 9, from: "at", then: "delete" } },
    at: "@.retention.from",
    expected: /upload/,
  },
  {
    says: "anonymised objects",
    folder: { retention: { days: 9, then: "anonymise" } },
    at: "@.retention.then",
    expected: /cannot be anonymised/,
  },
  { says: "an anonymised folder", folder: { erase: "anonymise" }, at: "@.erase", expected: /names the subject/ },
  { says: "a RED folder for members", folder: { class: "RED" }, at: "@.access.read", expected: /RED is read/ },
  {
    says: "an AMBER folder for everybody",
    folder: { access: { read: "public", write: "nobody" } },
    at: "@.access.read",
    expected: /widest/,
  },
  {
    says: "a folder of nobody that somebody writes",
    folder: { folder: "planted/", subject: { by: "none" } },
    at: "@.access",
    expected: /no subject/,
  },
  {
    says: "an AMBER folder of nobody",
    folder: { folder: "planted/", subject: { by: "none" } },
    at: "@.class",
    expected: /without a subject/,
  },
  { says: "a RED folder in plain", folder: { ...closed, stored: "plain" }, at: "@.stored", expected: /must be stored/ },
  {
    says: "an encrypted GREEN folder",
    folder: { class: "GREEN", stored: "token" },
    at: "@.stored",
    expected: /always plain/,
  },
  {
    says: "an encrypted folder of nobody",
    folder: {
      ...closed,
      class: "AMBER",
      stored: "token",
      folder: "planted/",
      subject: { by: "none" },
      access: { read: "nobody", write: "nobody" },
    },
    at: "@.stored",
    expected: /one person/,
  },
  {
    says: "an encrypted folder that outlives its key",
    folder: { ...closed, erase: { keep: "legal-obligation", because: "Tax law", days: 9 } },
    at: "@.erase",
    expected: /key is destroyed/,
  },
  {
    says: "an encrypted folder that is archived",
    folder: { ...closed, retention: { days: 9, then: "archive" } },
    at: "@.retention.then",
    expected: /no archive/,
  },
  { says: "ciphertext of files for members", folder: { stored: "token" }, at: "@.access.read", expected: /ciphertext/ },
  {
    says: "operators of an encrypted folder",
    folder: { ...closed, access: { read: "subject", write: "subject", operators: "privacy.operate" } },
    at: "@.access.operators",
    expected: /no key/,
  },
];
