import type { EpochMs } from "../kernel/time.js";
import { windowId } from "./consume-event.js";
import { passwordFailuresAccount } from "./rules/password-failures-account.js";
import { passwordFailuresNetwork } from "./rules/password-failures-network.js";
import { compileRule } from "./sigma/compile-rule.js";
import type { SigmaRule } from "./sigma/rule.js";
import { countOf } from "./window.js";
import type { WindowStore } from "./window-store.js";

/** Wrong passwords in the last minutes, as the rules have counted them: two reads, no counters of its own. */
export type FailureCounts = (
  who: { readonly uid: string; readonly networkPrefix: string },
  at: EpochMs,
) => Promise<{ readonly account: number; readonly network: number }>;

export const failureCounts = (deps: { readonly windows: WindowStore }): FailureCounts => {
  const count = async (rule: SigmaRule, value: string, at: EpochMs): Promise<number> => {
    const { window } = compileRule(rule);
    const state = await deps.windows.find(windowId(rule.id, [value]));
    return window === undefined || state === undefined ? 0 : countOf(state, window, at);
  };
  return async ({ uid, networkPrefix }, at) => {
    const [account, network] = await Promise.all([
      count(passwordFailuresAccount, uid, at),
      count(passwordFailuresNetwork, networkPrefix, at),
    ]);
    return { account, network };
  };
};
