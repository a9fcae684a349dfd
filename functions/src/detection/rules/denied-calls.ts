import type { SigmaRule } from "../sigma/rule.js";

const denied = {
  name: "request.denied",
  class: "api-activity",
  outcome: "failure",
  subject: "u1",
  "detail.code": "request/forbidden",
};

export const deniedCalls: SigmaRule = {
  id: "denied-calls",
  title: "Many refused calls by one account",
  description: "An account tries what its role does not allow.",
  logsource: { product: "firekeep", category: "api-activity" },
  detection: {
    selection: {
      name: "request.denied",
      "detail.code": ["request/forbidden", "request/assurance-too-low", "*/not-found"],
    },
    condition: "selection",
  },
  correlation: { type: "event_count", "group-by": ["subject"], timespan: "10m", condition: { gte: 20 } },
  level: "medium",
  tags: ["attack.t1087.004"],
  falsepositives: ["An app that shows what the account may not use"],
  response: [],
  examples: {
    fires: [
      { event: denied, times: 20, everySeconds: 2 },
      { event: { ...denied, "detail.code": "incidents/not-found" }, times: 20, everySeconds: 2 },
    ],
    silent: [
      { event: denied, times: 19, everySeconds: 2 },
      { event: { ...denied, "detail.code": "request/step-up-required" }, times: 100, everySeconds: 1 },
    ],
  },
};
