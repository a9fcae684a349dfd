import { defineErrors } from "../kernel/errors.js";

/** The domain's errors. `details.field` names the field; values are never shown. KMS's own are in platform/kms-errors.ts. */
export const encryptionError = defineErrors("encryption", {
  "field-unknown": ["invalid-argument", "This field is not in the data map."],
  "field-wrong-type": ["invalid-argument", "This field has another type in the data map."],
  "field-sentinel": ["invalid-argument", "A server-side transform cannot be applied to this field."],
  "field-not-writable": ["permission-denied", "This field cannot be written by its subject."],
  "field-not-findable": ["invalid-argument", "This field cannot be searched."],
  "value-not-normal": ["invalid-argument", "This value is not in the form that its field needs."],
  "path-wrong": ["invalid-argument", "The path does not fit the collection."],
  "collection-unknown": ["invalid-argument", "This collection is not in the data map."],
  "collection-closed": ["permission-denied", "This collection cannot be used by clients."],
  "subject-missing": ["failed-precondition", "It is not known whom this document is about."],
  "subject-wrong": ["failed-precondition", "This document is about somebody else."],
  "not-yours": ["permission-denied", "This document belongs to somebody else."],
  "not-found": ["not-found", "There is no such document."],
  "write-conflict": ["aborted", "The document changed meanwhile. Try again."],
  "key-missing": ["failed-precondition", "The key of this data is gone: it has been erased."],
  "keys-unavailable": ["unavailable", "The keys cannot be read now. Try again."],
  undecryptable: ["failed-precondition", "This data was altered or does not belong here."],
});
