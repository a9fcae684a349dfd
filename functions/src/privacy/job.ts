import type { EpochMs } from "../kernel/time.js";
import type { DocumentChange } from "./records.js";

export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Where a request's work stands: `privacyJobs/{id}`. It exists as long as there is work. */
export interface Job {
  readonly id: string;
  readonly uid: string;
  readonly kind: "export" | "erasure";
  /** `privacyRequests/{request}`. */
  readonly request: string;
  /** `privacyReceipts/{receipt}`, of an erasure. */
  readonly receipt: string;
  readonly at: EpochMs;
  /** Place in the list of steps, and in that step the last document or object done. */
  readonly step: number;
  readonly cursor: string;
  /** How many parts of an export are written. */
  readonly part: number;
  /** How often the scan has sent an erasure back to its beginning. */
  readonly round: number;
  readonly counts: Counts;
  /** Parts of the export that could not be read, without personal data. */
  readonly faults: readonly string[];
  /** The steps, as they were decided at the beginning: JSON. */
  readonly plan: string;
  readonly planHash: string;
  /** Blind indexes of the person's e-mail address, base64, by collection and field. */
  readonly indexes: readonly { readonly collection: string; readonly field: string; readonly value: string }[];
}

/** A job as read; `version` changes with every write. */
export interface JobState extends Job {
  readonly version: unknown;
}

/** The state of a request that its maker can see: `privacyRequests/{id}`. */
export interface PrivacyRequest {
  readonly id: string;
  readonly uid: string;
  readonly kind: "export" | "erasure";
  readonly at: EpochMs;
  readonly status: "running" | "retrying" | "failed" | "done";
  /** Name of the export's object in the bucket. */
  readonly object?: string;
  readonly expiresAt?: EpochMs;
  readonly receipt?: string;
  readonly finishedAt?: EpochMs;
}

/** `privacyReceipts/{id}`: readable by whoever knows the id. */
export interface Receipt {
  readonly at: EpochMs;
  readonly status: PrivacyRequest["status"];
  readonly signed?: object;
}

export type Progress = Partial<Pick<Job, "step" | "cursor" | "part" | "round" | "counts" | "faults">>;

export interface JobStore {
  /** Creates job, request and receipt in one commit; false when the job is there already. */
  begin(job: Job, request: PrivacyRequest, receipt?: Receipt): Promise<boolean>;
  find(id: string): Promise<JobState | undefined>;
  /**
   * Moves the job on, together with the changes that its step decided on: both happen, or neither.
   * False when job or documents have moved on since they were read.
   */
  advance(job: JobState, progress: Progress, changes?: readonly DocumentChange[]): Promise<boolean>;
  /** Ends the job: its document goes, request and receipt get their last state, in one commit. False when the job has moved. */
  finish(job: JobState, request: Partial<PrivacyRequest>, receipt?: Receipt): Promise<boolean>;
  /** Says on request and receipt that the job is in trouble; the job stays. */
  trouble(job: Job, status: "retrying" | "failed"): Promise<void>;
  request(id: string): Promise<PrivacyRequest | undefined>;
  receipt(id: string): Promise<Receipt | undefined>;
}

/** `counts` with one more count added. */
export const addCount = (counts: Counts, part: string, what: string, by: number): Counts =>
  by === 0 ? counts : { ...counts, [part]: { ...counts[part], [what]: (counts[part]?.[what] ?? 0) + by } };
