import type { Chunks } from "./floe-stream.js";

/** Objects of the bucket of user files. */
export interface ObjectStore {
  /** Writes an object as a whole: it is there when this answers, and not before. */
  write(name: string, content: Chunks, facts: Readonly<Record<string, string>>): Promise<void>;
  /** Bytes from `start` to before `end`. @throws encryption/file-unknown when there is no such object */
  read(name: string, range: { start: number; end: number }): AsyncIterable<Uint8Array>;
  /** Deletes an object; fine when it is not there. */
  remove(name: string): Promise<void>;
  /** Names of up to `limit` objects that begin with `prefix`, which ends in `/`. */
  list(prefix: string, limit: number): Promise<string[]>;
}

/** Deletes everything under a prefix but the objects that are kept. */
export const removeObjects = async (
  { objects }: { objects: ObjectStore },
  prefix: string,
  kept: ReadonlySet<string> = new Set(),
): Promise<void> => {
  for (;;) {
    const found = await objects.list(prefix, PAGE + kept.size);
    const gone = found.filter((name) => !kept.has(name));
    for (const name of gone) await objects.remove(name);
    if (found.length < PAGE + kept.size) return;
  }
};

const PAGE = 500;
