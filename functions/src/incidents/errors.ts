import { defineErrors } from "../kernel/errors.js";

export const incidentsError = defineErrors("incidents", {
  "not-found": ["not-found", "There is no such incident."],
  "state-refused": ["failed-precondition", "An incident in this state cannot go there."],
  "already-aware": ["failed-precondition", "Awareness of this incident is already recorded."],
  contended: ["aborted", "Somebody changed it at the same time. Try again."],
  "address-refused": ["invalid-argument", "A webhook needs a public HTTPS address."],
  "too-many-webhooks": ["resource-exhausted", "No more webhooks can be registered."],
  "webhook-not-found": ["not-found", "There is no such webhook."],
  "delivery-failed": ["unavailable", "A webhook could not be delivered; it is tried again."],
});

/** For a webhook that points where none may. */
export const addressRefused = (why: string, cause?: unknown) =>
  incidentsError("address-refused", { details: { why }, ...(cause !== undefined && { cause }) });
