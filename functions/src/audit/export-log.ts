import { config } from "../config.js";
import { auditError } from "./errors.js";
import type { LogStore } from "./log-store.js";
import { sequenceLog, type SequenceDeps } from "./sequence-log.js";

export interface LogPage {
  /** Lines of the export file, in order: the first page begins with the header. */
  readonly lines: string[];
  /** Leaves that the checkpoint in the header covers. Ask for the next page with it. */
  readonly size: number;
  /** Place of the next page's first entry; absent after the last page. */
  readonly next?: number;
}

/**
 * A page of the export: NDJSON lines that `npm run verify` checks offline. The caller keeps the file, so that no copy of
 * the log lies in a bucket. The first page pins the checkpoint; later pages end at its size, whatever has been added since.
 *
 * Line 1: `{format, checkpoint, publicKey}`. Every other line: `{index, leaf, entry}`, where `entry` is
 * the string whose UTF-8 bytes were hashed.
 *
 * @throws audit/nothing-sealed, audit/range-unknown
 */
export const exportLog = async (deps: SequenceDeps, page: { from: number; size?: number }): Promise<LogPage> => {
  if (page.from === 0) await sequenceLog(deps);
  const sealed = await deps.store.checkpoint();
  if (sealed === undefined) throw auditError("nothing-sealed");
  const size = page.from === 0 ? sealed.size : (page.size ?? sealed.size);
  if (size > sealed.size || page.from > size) throw auditError("range-unknown");
  const header = { format: "firekeep-audit-log/v1", checkpoint: sealed.note, publicKey: sealed.publicKey };
  const end = Math.min(page.from + config.audit.batch, size);
  const lines = (await deps.store.range(page.from, end)).map(({ index, leaf, ocsf }) =>
    JSON.stringify({ index, leaf, entry: ocsf }),
  );
  return {
    lines: page.from === 0 ? [JSON.stringify(header), ...lines] : lines,
    size,
    ...(end < size && { next: end }),
  };
};

/** The latest signed checkpoint. Keep it somewhere else: it is what later exports are held against. @throws audit/nothing-sealed */
export const readCheckpoint = async (store: LogStore) => {
  const sealed = await store.checkpoint();
  if (sealed === undefined) throw auditError("nothing-sealed");
  return sealed;
};
