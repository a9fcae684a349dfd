import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Config from "../../functions/src/config.js";
import type * as KeyStatusOf from "../../functions/src/encryption/rotation/key-status.js";
import type * as RotationDeps from "../../functions/src/encryption/rotation/deps.js";
import type * as Start from "../../functions/src/encryption/rotation/start-rotation.js";
import type * as KmsClient from "../../functions/src/platform/kms-client.js";
import type * as KmsLocations from "../../functions/src/platform/kms-locations.js";
import { enter } from "../admin/enter.ts";
import { chooseTarget } from "../admin/target.ts";
import { carryOut, type Backend } from "../keys/carry-out.ts";
import { cloudKeks } from "../keys/keks.ts";
import { readWish } from "../keys/wishes.ts";
import { say, setupError } from "../setup/say.mjs";
import { buildFunctions } from "../suite/build.ts";
import { root } from "../suite/paths.ts";
import { runCommand } from "../suite/run-command.ts";
import { liveRuns } from "../suite/runs.ts";

/** npm run keys -- …: rotation of keys, by whoever operates the deployment (docs/runbooks/encryption.md). */
runCommand(async (args) => {
  const wish = readWish(args);
  await buildFunctions();
  const target = chooseTarget(wish.project, process.env, liveRuns());
  say(`on ${target.says}`);
  enter(target);
  try {
    await carryOut(backend(target.project), wish, say);
  } catch (error) {
    throw error instanceof Error && error.name === "DomainError" ? setupError(sentence(error), error) : error;
  }
  return 0;
});

/** The error's own sentence, and what it says beside it: when, or how many. */
const sentence = (error: Error & { details?: Readonly<Record<string, unknown>> }): string => {
  const { at, left, phase } = error.details ?? {};
  const more = [
    ...(typeof at === "number" ? [`from ${new Date(at).toISOString()}`] : []),
    ...(typeof left === "number" ? [`${String(left)} documents`] : []),
    ...(typeof phase === "string" ? [`it is ${phase}`] : []),
  ];
  return more.length === 0 ? error.message : `${error.message} (${more.join(", ")})`;
};

const backend = (project: string): Backend => {
  const load = createRequire(join(root, "functions/package.json"));
  const { rotationDeps } = load("./lib/encryption/rotation/deps.js") as typeof RotationDeps;
  const { keyStatus } = load("./lib/encryption/rotation/key-status.js") as typeof KeyStatusOf;
  const start = load("./lib/encryption/rotation/start-rotation.js") as typeof Start;
  const { config } = load("./lib/config.js") as typeof Config;
  const { connectClient } = load("./lib/platform/kms-client.js") as typeof KmsClient;
  const { kmsLocations } = load("./lib/platform/kms-locations.js") as typeof KmsLocations;
  const keks = () => {
    const [home, ...others] = kmsLocations();
    return cloudKeks(connectClient(), { project, home, others, rings: config.kms.rings });
  };
  return { deps: rotationDeps(), keks, keyStatus, start };
};
