import { defineEvents } from "../kernel/event.js";

// OCSF 1.8: incident-finding 1 create, 2 update, 3 close; remediation-activity 1 isolate, 2 evict; entity-management 1 create, 4 delete;
// api-activity 99 other.
export const incidentsEvent = defineEvents("incidents", {
  "incident-opened": { class: "incident-finding", activity: 1, severity: "high", message: "An incident was opened." },
  "incident-worsened": {
    class: "incident-finding",
    activity: 2,
    severity: "high",
    message: "An incident became more severe.",
  },
  "incident-triaged": {
    class: "incident-finding",
    activity: 2,
    severity: "informational",
    message: "An incident was worked on.",
  },
  "incident-closed": {
    class: "incident-finding",
    activity: 3,
    severity: "informational",
    message: "An incident was closed.",
  },
  "access-blocked": {
    class: "remediation-activity",
    activity: 1,
    severity: "high",
    message: "Access was blocked by an incident.",
  },
  "sessions-revoked": {
    class: "remediation-activity",
    activity: 2,
    severity: "high",
    message: "Sessions were ended by an incident.",
  },
  "webhook-registered": {
    class: "entity-management",
    activity: 1,
    severity: "low",
    message: "A webhook was registered.",
  },
  "webhook-removed": { class: "entity-management", activity: 4, severity: "low", message: "A webhook was removed." },
  "notice-abandoned": {
    class: "api-activity",
    activity: 99,
    severity: "medium",
    message: "A webhook could not be delivered.",
  },
});
