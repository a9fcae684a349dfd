import { config } from "../config.js";
import { app } from "./app.js";
import { adminFunctionsSdk } from "./sdk.js";

/** Puts work on a function's queue. */
export interface TaskQueue {
  /**
   * @param functionId deployed id, such as `privacy-export-run`
   * @param task `id` makes it once: a second task with the id of one that ran within the last hour is dropped, silently
   */
  enqueue(functionId: string, task: { id: string; data: object; delayMs?: number }): Promise<void>;
}

/** Cloud Tasks. Deadline of a dispatch: what the function's own time limit is set to. */
export const cloudTaskQueue = (): TaskQueue => ({
  enqueue: async (functionId, { id, data, delayMs }) => {
    const queue = adminFunctionsSdk()
      .getFunctions(app())
      .taskQueue(`locations/${config.functions.region}/functions/${functionId}`);
    const delay = delayMs === undefined ? {} : { scheduleDelaySeconds: Math.ceil(delayMs / 1000) };
    try {
      await queue.enqueue({ ...data }, { id, dispatchDeadlineSeconds: TASK_SECONDS, ...delay });
    } catch (error) {
      if ((error as { code?: string }).code !== "functions/task-already-exists") throw error;
    }
  },
});

/** Time limit of a function that works off a queue. */
export const TASK_SECONDS = 540;
