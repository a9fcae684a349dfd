/** Why an operator ends the sessions of an account. No free text: it goes into the log, and to receivers of signals. */
export const EXPEL_REASONS = ["suspicion", "device-lost", "person-left", "support"] as const;
export type ExpelReason = (typeof EXPEL_REASONS)[number];
