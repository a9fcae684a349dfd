import type { SigmaRule } from "../sigma/rule.js";
import { PASSWORD_FAILURES } from "./password-failures.js";

const failed = {
  name: "detection.sign-in-failed",
  class: "authentication",
  outcome: "failure",
  subject: "u1",
  networkPrefix: "198.51.100.0/24",
};

export const passwordFailuresNetwork: SigmaRule = {
  id: "password-failures-network",
  title: "Many wrong passwords from one network",
  description: "A network tries passwords, whatever the accounts.",
  logsource: { product: "firekeep", category: "authentication" },
  detection: { selection: { name: PASSWORD_FAILURES, outcome: "failure" }, condition: "selection" },
  correlation: { type: "event_count", "group-by": ["networkPrefix"], timespan: "10m", condition: { gte: 30 } },
  level: "medium",
  tags: ["attack.t1110"],
  falsepositives: ["A large office or a mobile carrier behind few addresses"],
  response: [],
  examples: {
    fires: [
      { event: { ...failed, name: "identity.password-rejected" }, times: 30, everySeconds: 5, varying: "subject" },
      { event: failed, times: 30, everySeconds: 5, varying: "subject" },
    ],
    silent: [
      { event: failed, times: 29, everySeconds: 5 },
      { event: failed, times: 60, everySeconds: 1, varying: "networkPrefix" },
      { event: { ...failed, networkPrefix: undefined }, times: 60, everySeconds: 1 },
    ],
  },
};
