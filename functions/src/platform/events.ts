import { defineEvents } from "../kernel/event.js";

/** What the gate tells. */
export const requestEvent = defineEvents("request", {
  denied: { class: "api-activity", activity: 2, severity: "low", message: "A call was refused." },
  "proof-foreign": {
    class: "authentication",
    activity: 1,
    severity: "high",
    message: "A session was used with the key of another device.",
  },
  failed: { class: "api-activity", activity: 2, severity: "medium", message: "A call failed on our side." },
});
