import { onSchedule } from "firebase-functions/v2/scheduler";
import { config } from "../config.js";
import { secureCalls } from "../platform/secure-call.js";
import { auditApi } from "./api.js";
import type * as Deps from "./deps.js";
import { auditEvent } from "./events.js";
import { exportLog, readCheckpoint } from "./export-log.js";
import { recordEvent } from "./record-event.js";
import { sequenceLog } from "./sequence-log.js";

// Stores, SDKs and neighbours load with the first call, not with the function.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system
const deps = () => (require("./deps.js") as typeof Deps).deps();

const calls = secureCalls("audit", auditApi, {
  "log-export": async ({ uid }, { from, size }) => {
    if (from === 0) {
      await recordEvent(deps(), {
        type: auditEvent["log-exported"],
        outcome: "success",
        subject: uid,
        detail: { collection: "auditEntries" },
      });
    }
    const { next = null, ...page } = await exportLog(deps(), { from, ...(size !== undefined && { size }) });
    return { ...page, next };
  },
  "log-checkpoint": () => readCheckpoint(deps().store),
});

export const log = {
  ...calls.log,
  /** Gives new entries their places in the tree and signs a checkpoint. */
  sequence: onSchedule(
    { schedule: "every 1 minutes", region: config.functions.region, serviceAccount: "fn-audit@" },
    async () => {
      await sequenceLog(deps());
    },
  ),
};
