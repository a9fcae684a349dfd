import { z } from "zod";
import { defineApi } from "../platform/api.js";
import { MINUTE } from "../kernel/time.js";

/** What operators may ask detection. Scoring and rules run inside other calls and on Pub/Sub, not by a callable. */
export const detectionApi = defineApi({
  "rule-list": {
    summary: "Lists the detection rules in force, with the ATT&CK techniques they cover.",
    session: "strict",
    permission: "security.read",
    proof: true,
    limit: { permits: 60, perMs: MINUTE, by: "account", store: "instance", whenDown: "allow" },
    input: z.strictObject({}),
    output: z.strictObject({
      rules: z.array(
        z.strictObject({
          id: z.string(),
          title: z.string(),
          description: z.string(),
          level: z.enum(["informational", "low", "medium", "high", "critical"]),
          tags: z.array(z.string()),
          falsepositives: z.array(z.string()),
        }),
      ),
    }),
  },
});
