import type { SigmaRule } from "../sigma/rule.js";
import { PASSWORD_FAILURES } from "./password-failures.js";

const failed = {
  name: "detection.sign-in-failed",
  class: "authentication",
  outcome: "failure",
  account: "a",
  networkPrefix: "198.51.100.0/24",
};

export const accountsTriedNetwork: SigmaRule = {
  id: "accounts-tried-network",
  title: "Many accounts tried from one network",
  description:
    "Stolen lists of passwords, or one password, are tried on many accounts. Accounts that do not exist count too.",
  logsource: { product: "firekeep", category: "authentication" },
  detection: { selection: { name: PASSWORD_FAILURES, outcome: "failure" }, condition: "selection" },
  correlation: {
    type: "value_count",
    "group-by": ["networkPrefix"],
    timespan: "10m",
    condition: { field: "account", gte: 10 },
  },
  level: "high",
  tags: ["attack.t1110.003", "attack.t1110.004"],
  falsepositives: ["A school or an office on the first day back"],
  response: ["block"],
  examples: {
    fires: [
      { event: { ...failed, name: "identity.password-rejected" }, times: 30, everySeconds: 5, varying: "account" },
      { event: failed, times: 10, everySeconds: 2, varying: "account" },
    ],
    silent: [
      { event: failed, times: 100, everySeconds: 2 },
      { event: failed, times: 9, everySeconds: 2, varying: "account" },
      { event: failed, times: 30, everySeconds: 120, varying: "account" },
    ],
  },
};
