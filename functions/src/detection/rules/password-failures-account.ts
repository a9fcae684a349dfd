import type { SigmaRule } from "../sigma/rule.js";
import { PASSWORD_FAILURES } from "./password-failures.js";

const failed = {
  name: "detection.sign-in-failed",
  class: "authentication",
  outcome: "failure",
  subject: "u1",
  networkPrefix: "198.51.100.0/24",
};

export const passwordFailuresAccount: SigmaRule = {
  id: "password-failures-account",
  title: "Many wrong passwords for one account",
  description: "Somebody is guessing the password of one account.",
  logsource: { product: "firekeep", category: "authentication" },
  detection: { selection: { name: PASSWORD_FAILURES, outcome: "failure" }, condition: "selection" },
  correlation: { type: "event_count", "group-by": ["subject"], timespan: "10m", condition: { gte: 10 } },
  level: "high",
  tags: ["attack.t1110.001"],
  falsepositives: ["A device that keeps trying an old password"],
  // Guesses that failed say nothing of the sessions: ending them would let anybody sign anybody out.
  response: ["block"],
  examples: {
    fires: [
      { event: failed, times: 10, everySeconds: 5 },
      { event: { ...failed, name: "identity.password-rejected" }, times: 10, everySeconds: 5 },
      { event: failed, times: 10, everySeconds: 5, varying: "networkPrefix" },
    ],
    silent: [
      { event: failed, times: 9, everySeconds: 5 },
      { event: failed, times: 30, everySeconds: 120 },
      { event: failed, times: 10, everySeconds: 5, varying: "subject" },
      { event: { ...failed, name: "identity.session-started", outcome: "success" }, times: 20, everySeconds: 1 },
    ],
  },
};
