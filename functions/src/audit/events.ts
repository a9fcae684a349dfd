import { defineEvents } from "../kernel/event.js";

/** What the audit domain itself tells. */
export const auditEvent = defineEvents("audit", {
  "data-read": {
    class: "datastore-activity",
    activity: 1,
    severity: "informational",
    message: "Personal data was read.",
  },
  "data-written": {
    class: "datastore-activity",
    activity: 5,
    severity: "informational",
    message: "Personal data was written.",
  },
  "data-deleted": { class: "datastore-activity", activity: 7, severity: "low", message: "Personal data was deleted." },
  "log-exported": { class: "datastore-activity", activity: 1, severity: "low", message: "The audit log was exported." },
});
