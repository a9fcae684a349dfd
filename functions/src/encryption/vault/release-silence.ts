import { describeError, log } from "../../platform/log.js";
import type { VaultDeps } from "./deps.js";
import { tellRelease } from "./tell-step.js";
import { isLive, release, type VaultRequest } from "./vault-request.js";

const AT_ONCE = 200;

/** Tells people of silent openings whose silence is over. What fails is left to the next round, and stops no other. */
export const releaseSilence = async (deps: Pick<VaultDeps, "requests" | "stage" | "clock">): Promise<number> => {
  let released = 0;
  for (const request of await deps.requests.overdue(deps.clock(), AT_ONCE)) {
    try {
      if (await releaseOne(deps, request)) released += 1;
    } catch (error) {
      log("ERROR", "a silent opening could not be told", { request: request.id, ...describeError(error) });
    }
  }
  return released;
};

const releaseOne = async (
  deps: Pick<VaultDeps, "requests" | "stage" | "clock">,
  request: VaultRequest,
): Promise<boolean> => {
  // Whoever is erased is told nothing, and not named anew in the log.
  const record = request.state === "opened" && isLive(request) ? await tellRelease(deps, request) : undefined;
  const outcome = await deps.requests.apply(request.id, (now) => release(now, deps.clock()), record);
  if ("refused" in outcome) return false;
  await record?.announce();
  return true;
};
