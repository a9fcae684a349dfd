import { defineEvents } from "../kernel/event.js";

/** What the encryption domain tells. Reads and writes of fields are the audit domain's access entries. */
export const encryptionEvent = defineEvents("encryption", {
  "keys-destroyed": {
    class: "entity-management",
    activity: 4, // Delete
    severity: "medium",
    message: "The data keys of an account were destroyed.",
  },
});
