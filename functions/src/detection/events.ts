import { defineEvents } from "../kernel/event.js";

// OCSF 1.8: authentication 1 logon; detection-finding 1 create.
export const detectionEvent = defineEvents("detection", {
  "sign-in-failed": { class: "authentication", activity: 1, severity: "low", message: "A password was wrong." },
  "sign-in-risky": {
    class: "authentication",
    activity: 1,
    severity: "low",
    message: "A sign-in was out of the ordinary.",
  },
  "rule-matched": { class: "detection-finding", activity: 1, severity: "medium", message: "A detection rule matched." },
});
