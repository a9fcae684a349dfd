import type { Input } from "../../../../client/src/index.ts";

type Asking = Input<"encryption-vault-request">;

/** What may be asked for, in words. Complete, or it does not compile. */
export const PURPOSES: Readonly<Record<Asking["purpose"], string>> = {
  "subject-request": "A request of the person (GDPR Art. 15)",
  "verify-identity": "Check who the person is",
  payment: "Carry out or clear up a payment",
  fraud: "Look into fraud or abuse",
  "legal-claim": "Legal claims",
  authority: "An authority that may demand it",
  "vital-interest": "Protect somebody's life",
};

export const LEGAL_BASES: Readonly<Record<Asking["legalBasis"], string>> = {
  "legal-obligation": "Legal obligation",
  contract: "Contract",
  "legitimate-interests": "Legitimate interests",
  "public-task": "Public task",
  "vital-interests": "Vital interests",
  consent: "Consent",
};

export const SILENT: Readonly<Record<NonNullable<Asking["silent"]>, string>> = {
  "authority-order": "Later: an authority has forbidden it",
  investigation: "Later: it would defeat an investigation",
  "protect-others": "Later: it would endanger somebody else",
};
