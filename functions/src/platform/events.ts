import { defineEvents } from "../kernel/event.js";

/** What the gate tells. */
export const requestEvent = defineEvents("request", {
  denied: { class: "api-activity", activity: 2, severity: "low", message: "A call was refused." },
  failed: { class: "api-activity", activity: 2, severity: "medium", message: "A call failed on our side." },
});
