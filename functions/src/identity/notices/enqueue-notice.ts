import { cloudTaskQueue } from "../../platform/tasks.js";

/** Queues the delivery of a mail. Cloud Tasks takes an id once an hour; `round` makes another one of it. */
export const enqueueNotice = (id: string, round?: string): Promise<void> =>
  cloudTaskQueue().enqueue("identity-notice-send", {
    id: round === undefined ? id : `${id}-${round}`,
    data: { notice: id },
  });
