import type { SigmaRule } from "../sigma/rule.js";

const risky = {
  name: "detection.sign-in-risky",
  class: "authentication",
  outcome: "success",
  subject: "u1",
  networkPrefix: "198.51.100.0/24",
  "detail.action": "step-up",
};

export const riskySignIn: SigmaRule = {
  id: "risky-sign-in",
  title: "A sign-in that is not like the person's",
  description: "The right password from too far away for the time, or with everything new, or refused for its risk.",
  logsource: { product: "firekeep", category: "authentication" },
  detection: {
    selection: { name: "detection.sign-in-risky" },
    why_travel: { "detail.reasons|contains": "impossible-travel" },
    why_new: { "detail.reasons|contains|all": ["new-country", "new-device"] },
    why_refused: { "detail.action": "block" },
    condition: "selection and 1 of why_*",
  },
  level: "medium",
  tags: ["attack.t1078.004"],
  falsepositives: ["A journey with a new phone", "A new VPN"],
  response: [],
  examples: {
    fires: [
      { event: { ...risky, "detail.reasons": ["new-device", "impossible-travel"] } },
      { event: { ...risky, "detail.reasons": ["new-country", "new-device", "new-network"] } },
      { event: { ...risky, "detail.action": "block", "detail.reasons": ["account-failures"] } },
    ],
    silent: [
      { event: { ...risky, "detail.reasons": ["new-device", "new-network"] } },
      { event: { ...risky, name: "identity.session-started", "detail.reasons": ["impossible-travel"] } },
    ],
  },
};
