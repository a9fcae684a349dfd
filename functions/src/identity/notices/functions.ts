import { onSchedule } from "firebase-functions/v2/scheduler";
import { onTaskDispatched } from "firebase-functions/v2/tasks";
import { config } from "../../config.js";
import { SECOND } from "../../kernel/time.js";
import { DELIVERY_SECONDS, deliverNotice } from "./deliver-notice.js";
import type * as Deps from "./deps.js";
import { sweepNotices } from "./sweep-notices.js";

// Stores, SDKs and neighbours load with the first call, not with the function.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system
const deps = () => (require("./deps.js") as typeof Deps).noticesDeps();

const where = { region: config.functions.region, serviceAccount: "fn-identity@" };

/** `identity-notice-send`: one mail, again until every address has it or it is given up. The only function that can send mail. */
export const send = onTaskDispatched<{ notice: string }>(
  {
    ...where,
    secrets: ["FIREKEEP_SMTP_URL"],
    timeoutSeconds: DELIVERY_SECONDS,
    retryConfig: {
      // deliverNotice gives up by itself, and says so; the queue only must not do so before.
      maxAttempts: config.mail.attempts + 3,
      minBackoffSeconds: config.mail.firstPauseMs / SECOND,
      maxBackoffSeconds: config.mail.longestPauseMs / SECOND,
    },
    rateLimits: { maxConcurrentDispatches: 20 },
  },
  async ({ data }) => {
    await deliverNotice(deps(), data.notice);
  },
);

/** `identity-notice-sweep`: queues what was kept and then forgotten. */
export const sweep = onSchedule({ schedule: "every 5 minutes", ...where }, async () => {
  await sweepNotices(deps());
});
