import { onSchedule } from "firebase-functions/v2/scheduler";
import { config } from "../../config.js";
import type * as Deps from "./deps.js";
import type * as Run from "./run-resets.js";

/* eslint-disable @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system */
const deps = () => (require("./deps.js") as typeof Deps).recoveryDeps();
const runResets = () => (require("./run-resets.js") as typeof Run).runResets;
/* eslint-enable @typescript-eslint/no-require-imports */

const where = { region: config.functions.region, serviceAccount: "fn-identity@" };

/** `identity-reset-run`: carries out resets whose hold is over, and goes on with whatever was cut short. */
export const run = onSchedule({ schedule: "every 5 minutes", ...where }, async () => {
  await runResets()(deps());
});
