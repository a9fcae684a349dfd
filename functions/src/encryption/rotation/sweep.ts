import type { Job, JobKind } from "./job.js";

/** What a job goes over, in parts that have names: key classes, collections. */
export interface Sweep {
  /** Names are kept in the job: whatever is deployed meanwhile, it goes on where it was, or begins its round again. */
  readonly parts: (job: Job) => Promise<readonly Part[]>;
  /** Once at the beginning of every round. */
  readonly before?: (job: Job) => Promise<void>;
}

export interface Part {
  readonly name: string;
  /** How much there is to do; 0 where nothing but looking tells. */
  readonly count: () => Promise<number>;
  /** @param cursor empty: from the beginning */
  readonly page: (cursor: string, limit: number) => Promise<Page>;
}

export interface Page {
  readonly items: readonly Item[];
  /** Where the next page begins; absent after the last. */
  readonly next?: string;
}

/** One thing to be worked on. Working on it twice, or on what has changed meanwhile, does no harm. */
export interface Item {
  /** Path, for the hash that names it. Never kept. */
  readonly path: string;
  /** False when there was nothing to do. Throws what the job counts as trouble or waits for (see run-rotation.ts). */
  readonly work: () => Promise<boolean>;
}

export type Sweeps = Readonly<Record<JobKind, Sweep>>;
