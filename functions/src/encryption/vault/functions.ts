import { onSchedule } from "firebase-functions/v2/scheduler";
import { config } from "../../config.js";
import type * as Deps from "./deps.js";
import type * as Release from "./release-silence.js";

/* eslint-disable @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system */
const deps = () => (require("./deps.js") as typeof Deps).vaultDeps();
const releaseSilence = () => (require("./release-silence.js") as typeof Release).releaseSilence;
/* eslint-enable @typescript-eslint/no-require-imports */

/** `encryption-vault-release`: tells people of silent openings whose silence is over. */
export const release = onSchedule(
  { schedule: "every 6 hours", region: config.functions.region, serviceAccount: "fn-encryption@" },
  async () => {
    await releaseSilence()(deps());
  },
);
