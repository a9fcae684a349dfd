import { describeError, log } from "../../platform/log.js";
import type { FilesDeps } from "./files-deps.js";
import { takeAway } from "./remove-file.js";

const PAGE = 50;

/**
 * Takes away what has had its time: uploads that nobody finished, files at the end of their folder's retention, and what a
 * removal left when it broke off. One that cannot be removed does not hold up the others.
 *
 * @param until when to stop, epoch milliseconds
 */
export const sweepFiles = async (deps: FilesDeps, until: number): Promise<{ removed: number }> => {
  let removed = 0;
  while (deps.clock() < until) {
    const due = await deps.storedFiles.due(deps.clock(), PAGE);
    let done = 0;
    for (const seen of due) {
      try {
        if (await takeAway(deps, seen, "system")) done += 1;
      } catch (error) {
        log("ERROR", "a file that is due could not be removed", describeError(error));
      }
    }
    removed += done;
    if (due.length < PAGE || done === 0) break;
  }
  return { removed };
};
