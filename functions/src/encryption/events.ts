import { defineEvents } from "../kernel/event.js";

/** What the encryption domain tells. Reads and writes of fields are the audit domain's access entries. */
export const encryptionEvent = defineEvents("encryption", {
  "keys-destroyed": {
    class: "entity-management",
    activity: 4, // Delete
    severity: "medium",
    message: "The data keys of an account were destroyed.",
  },
  // Rotation. OCSF entity-management 3 update, 4 delete, 99 other; datastore-activity has no rotation.
  "epoch-started": {
    class: "entity-management",
    activity: 3,
    severity: "medium",
    message: "A new epoch of data keys began.",
  },
  "index-moved": {
    class: "entity-management",
    activity: 3,
    severity: "medium",
    message: "A rotation of index keys moved to its next phase.",
  },
  "rotation-started": {
    class: "entity-management",
    activity: 3,
    severity: "low",
    message: "A sweep that gives data or keys new keys began.",
  },
  "rotation-finished": {
    class: "entity-management",
    activity: 3,
    severity: "low",
    message: "A sweep that gives data or keys new keys is done: nothing is left.",
  },
  "rotation-incomplete": {
    class: "entity-management",
    activity: 3,
    severity: "high",
    message: "A sweep that gives data or keys new keys is done, and could not work on everything.",
  },
  "file-stored": {
    class: "entity-management",
    activity: 1, // Create
    severity: "informational",
    message: "A file was stored, encrypted.",
  },
  "file-removed": {
    class: "entity-management",
    activity: 4, // Delete
    severity: "informational",
    message: "An encrypted file, or an unfinished upload, was removed.",
  },
  // Two-person access. OCSF user-access 1 assign privileges, 2 revoke, 99 other; datastore-activity 1 read.
  "vault-requested": {
    class: "user-access",
    activity: 99,
    severity: "medium",
    message: "An officer asked to see fields under the hardware key.",
  },
  "vault-approved": {
    class: "user-access",
    activity: 1,
    severity: "medium",
    message: "A second officer agreed that fields under the hardware key be seen.",
  },
  "vault-denied": {
    class: "user-access",
    activity: 2,
    severity: "medium",
    message: "A second officer refused that fields under the hardware key be seen.",
  },
  "vault-cancelled": {
    class: "user-access",
    activity: 2,
    severity: "low",
    message: "A request to see fields under the hardware key was stopped.",
  },
  "vault-opened": {
    class: "datastore-activity",
    activity: 1,
    severity: "high",
    message: "Fields under the hardware key were shown to an officer.",
  },
  "vault-released": {
    class: "datastore-activity",
    activity: 1,
    severity: "medium",
    message: "The silence over an opening of fields under the hardware key ended.",
  },
});
