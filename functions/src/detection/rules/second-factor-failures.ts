import type { SigmaRule } from "../sigma/rule.js";

const wrong = {
  name: "identity.factor-rejected",
  class: "authentication",
  outcome: "failure",
  subject: "u1",
  networkPrefix: "198.51.100.0/24",
  "detail.method": "totp",
};

export const secondFactorFailures: SigmaRule = {
  id: "second-factor-failures",
  title: "Many wrong second factors for one account",
  description: "Whoever is at it already has the password.",
  logsource: { product: "firekeep", category: "authentication" },
  detection: {
    selection: { name: "identity.factor-rejected", outcome: "failure" },
    filter_backup: { "detail.method": "backup-code" },
    condition: "selection and not filter_backup",
  },
  correlation: { type: "event_count", "group-by": ["subject"], timespan: "15m", condition: { gte: 5 } },
  level: "high",
  tags: ["attack.t1110.001", "attack.t1621"],
  falsepositives: ["A phone whose clock is wrong"],
  response: ["block", "revoke-sessions"],
  examples: {
    fires: [{ event: wrong, times: 5, everySeconds: 20 }],
    silent: [
      { event: wrong, times: 4, everySeconds: 20 },
      { event: { ...wrong, "detail.method": "backup-code" }, times: 10, everySeconds: 1 },
      { event: { ...wrong, name: "identity.factor-accepted", outcome: "success" }, times: 10, everySeconds: 1 },
    ],
  },
};
