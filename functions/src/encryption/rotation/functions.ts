import { onSchedule } from "firebase-functions/v2/scheduler";
import { onTaskDispatched } from "firebase-functions/v2/tasks";
import { config } from "../../config.js";
import { SECOND } from "../../kernel/time.js";
import { TASK_SECONDS } from "../../platform/tasks.js";
import type * as Deps from "./deps.js";
import type { JobKind } from "./job.js";
import type * as RunRotation from "./run-rotation.js";
import type * as TendRotation from "./tend-rotation.js";

/* eslint-disable @typescript-eslint/no-require-imports -- code loads with the first call, and stays in one module system */
const deps = () => (require("./deps.js") as typeof Deps).rotationDeps();
const runRotation = (kind: JobKind) => (require("./run-rotation.js") as typeof RunRotation).runRotation(deps(), kind);
const tendRotation = () => (require("./tend-rotation.js") as typeof TendRotation).tendRotation(deps());
/* eslint-enable @typescript-eslint/no-require-imports */

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
    await runRotation(data.kind);
  },
);

/** `encryption-rotation-tick`: goes on with what has stopped, and follows KMS when it has a new primary version. */
export const tick = onSchedule({ schedule: "every 60 minutes", ...where }, async () => {
  await tendRotation();
});
