/** What fields under the hardware key may be opened for, as the person reads it. A request names one of these. */
export const PURPOSES = {
  "subject-request": "Answer a request of the person (GDPR Art. 15)",
  "verify-identity": "Check who the person is",
  payment: "Carry out or clear up a payment",
  fraud: "Look into fraud or abuse",
  "legal-claim": "Establish, exercise or defend legal claims",
  authority: "Answer an authority that may demand it",
  "vital-interest": "Protect somebody's life",
} as const;

export type Purpose = keyof typeof PURPOSES;

export const PURPOSE_NAMES = Object.keys(PURPOSES) as [Purpose, ...Purpose[]];

/** Why a person may be told later, and for no other reason (GDPR Art. 23; Directive (EU) 2016/680 Art. 13(3)). */
export const SILENT_REASONS = {
  "authority-order": "An authority has forbidden to tell the person",
  investigation: "Telling the person now would defeat an investigation",
  "protect-others": "Telling the person now would endanger somebody else",
} as const;

export type SilentReason = keyof typeof SILENT_REASONS;

export const SILENT_NAMES = Object.keys(SILENT_REASONS) as [SilentReason, ...SilentReason[]];
