import { lazy } from "../../kernel/lazy.js";
import { compileRule, type CompiledRule } from "../sigma/compile-rule.js";
import type { SigmaRule } from "../sigma/rule.js";
import { accountsTriedNetwork } from "./accounts-tried-network.js";
import { backupCodeFailures } from "./backup-code-failures.js";
import { deniedCalls } from "./denied-calls.js";
import { passwordFailuresAccount } from "./password-failures-account.js";
import { passwordFailuresNetwork } from "./password-failures-network.js";
import { riskySignIn } from "./risky-sign-in.js";
import { secondFactorFailures } from "./second-factor-failures.js";

/** The rules in force. Add yours here: a rule without an example that fires and one that stays silent does not load. */
export const RULES: readonly SigmaRule[] = [
  passwordFailuresAccount,
  passwordFailuresNetwork,
  accountsTriedNetwork,
  secondFactorFailures,
  backupCodeFailures,
  riskySignIn,
  deniedCalls,
];

/** Compiled once an instance, by the class of events they are about. */
const compiled = lazy(() => {
  const byClass = new Map<string, CompiledRule[]>();
  for (const rule of RULES) {
    const { category } = rule.logsource;
    byClass.set(category, [...(byClass.get(category) ?? []), compileRule(rule)]);
  }
  return byClass;
});

/** The rules that an event of this class can match. */
export const rulesFor = (eventClass: string): readonly CompiledRule[] => compiled().get(eventClass) ?? [];
