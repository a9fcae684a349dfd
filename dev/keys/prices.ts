/** List prices in US dollars, KMS as of `asOf`, Firestore of a multi-region; look up today's before you rely on them. */
export const PRICES = {
  asOf: "2025-03-17",
  /** Of one key version a month, while it is not destroyed. */
  kmsVersionMonth: { SOFTWARE: 0.06, HSM: 1.0 },
  kmsPer10kOperations: 0.03,
  /** Firestore, of 100 000 documents. */
  firestorePer100kReads: 0.06,
  firestorePer100kWrites: 0.18,
} as const;

/** How much one worker gets done in a second: an assumption to reckon with, not a measurement. KMS, network and regions decide. */
export const PACE = { documentsPerSecond: 150, keysPerSecond: 100 } as const;

export interface Work {
  readonly kmsOperations: number;
  readonly reads: number;
  readonly writes: number;
}

export const dollarsOf = ({ kmsOperations, reads, writes }: Work): number =>
  (kmsOperations / 10_000) * PRICES.kmsPer10kOperations +
  (reads / 100_000) * PRICES.firestorePer100kReads +
  (writes / 100_000) * PRICES.firestorePer100kWrites;

/** Unwraps and wraps every key; reads and writes each subject's document. `keys`: counted by class. */
export const rewrapWork = (subjects: number, keys: number): Work => ({
  kmsOperations: 2 * keys,
  reads: subjects,
  writes: subjects,
});

/** Each subject's keys once old and once new; each document read and written; and two looks that find nothing. */
export const resealWork = (subjects: number, keys: number, documents: number): Work => ({
  kmsOperations: 2 * keys,
  reads: documents + 2 * subjects,
  writes: documents + keys,
});
