import { defineEvents } from "../kernel/event.js";

/** What the privacy domain tells. An erasure's end names nobody: there is nobody left to name. */
export const privacyEvent = defineEvents("privacy", {
  "export-requested": {
    class: "datastore-activity",
    activity: 4,
    severity: "low",
    message: "A person asked for their data.",
  },
  "export-finished": {
    class: "datastore-activity",
    activity: 1,
    severity: "low",
    message: "A person's data was put together for them.",
  },
  "export-downloaded": {
    class: "datastore-activity",
    activity: 1,
    severity: "low",
    message: "An export was downloaded.",
  },
  "erasure-requested": {
    class: "account-change",
    activity: 6,
    severity: "medium",
    message: "A person asked to be erased.",
  },
  "erasure-finished": { class: "datastore-activity", activity: 7, severity: "medium", message: "A person was erased." },
  "job-failed": { class: "api-activity", activity: 2, severity: "high", message: "A data subject's request is stuck." },
});
