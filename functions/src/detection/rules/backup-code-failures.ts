import type { SigmaRule } from "../sigma/rule.js";

const wrong = {
  name: "identity.factor-rejected",
  class: "authentication",
  outcome: "failure",
  subject: "u1",
  networkPrefix: "198.51.100.0/24",
  "detail.method": "backup-code",
};

export const backupCodeFailures: SigmaRule = {
  id: "backup-code-failures",
  title: "Wrong backup codes for one account",
  description: "A backup code is copied, not remembered: people rarely get it wrong three times.",
  logsource: { product: "firekeep", category: "authentication" },
  detection: {
    selection: { name: "identity.factor-rejected", "detail.method": "backup-code", outcome: "failure" },
    condition: "selection",
  },
  correlation: { type: "event_count", "group-by": ["subject"], timespan: "15m", condition: { gte: 3 } },
  level: "high",
  tags: ["attack.t1110.001"],
  falsepositives: ["An old sheet of codes after new ones were made"],
  response: ["block", "revoke-sessions"],
  examples: {
    fires: [{ event: wrong, times: 3, everySeconds: 30 }],
    silent: [
      { event: wrong, times: 2, everySeconds: 30 },
      { event: { ...wrong, "detail.method": "totp" }, times: 10, everySeconds: 1 },
      { event: wrong, times: 6, everySeconds: 600 },
    ],
  },
};
