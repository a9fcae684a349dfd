import { onSchedule } from "firebase-functions/v2/scheduler";
import { onTaskDispatched } from "firebase-functions/v2/tasks";
import { config } from "../../config.js";
import { SECOND } from "../../kernel/time.js";
import { TASK_SECONDS } from "../../platform/tasks.js";
import type * as Deps from "./deps.js";
import type { JobKind } from "./job.js";
import { runRotation } from "./run-rotation.js";
import { tendRotation } from "./tend-rotation.js";

// Stores, SDKs and neighbours load with the first call, not with the function.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system
const deps = () => (require("./deps.js") as typeof Deps).rotationDeps();

const where = { region: config.functions.region, serviceAccount: "fn-encryption@" };

/** `encryption-rotation-run`: a slice of a sweep that gives keys or data new keys. */
export const run = onTaskDispatched<{ kind: JobKind }>(
  {
    ...where,
    timeoutSeconds: TASK_SECONDS,
    retryConfig: {
      maxAttempts: config.rotation.attempts,
      minBackoffSeconds: config.rotation.firstPauseMs / SECOND,
      maxBackoffSeconds: config.rotation.longestPauseMs / SECOND,
    },
    // One sweep has the whole of an instance's two caches; two of a kind would only lose races to each other.
    rateLimits: { maxConcurrentDispatches: 3 },
  },
  async ({ data }) => {
    await runRotation(deps(), data.kind);
  },
);

/** `encryption-rotation-tick`: goes on with what has stopped, and follows KMS when it has a new primary version. */
export const tick = onSchedule({ schedule: "every 60 minutes", ...where }, async () => {
  await tendRotation(deps());
});
