import { config } from "../config.js";
import { app } from "../platform/app.js";
import { adminFunctionsSdk } from "../platform/sdk.js";

/** Queues the delivery of a notice. Cloud Tasks knows it by the notice's id and takes it once. */
export const enqueueNotice = async (noticeId: string): Promise<void> => {
  const queue = adminFunctionsSdk()
    .getFunctions(app())
    .taskQueue<{ notice: string }>(`locations/${config.functions.region}/functions/incidents-webhook-deliver`);
  try {
    await queue.enqueue({ notice: noticeId }, { id: noticeId });
  } catch (error) {
    if ((error as { code?: string }).code !== "functions/task-already-exists") throw error;
  }
};
