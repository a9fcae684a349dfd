import { SecurityPolicy } from "@pulumi/gcp/compute/securityPolicy.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { lintPolicy } from "../armor/lint.ts";
import type { ArmorPolicy, ArmorRule, Rate } from "../armor/rules.ts";
import { ARMOR_POLICY } from "../names.ts";

export interface ArmorShieldArgs {
  readonly project: string;
  readonly policy: ArmorPolicy;
}

/** The Cloud Armor policy. A policy that the linter faults is refused before anything is made. */
export class ArmorShield extends ComponentResource {
  readonly policyLink: Output<string>;

  constructor(name: string, args: ArmorShieldArgs, opts?: ComponentResourceOptions) {
    super("firekeep:edge:ArmorShield", name, {}, opts);
    const faults = lintPolicy(args.policy);
    if (faults.length > 0)
      throw new Error(
        `The Cloud Armor policy has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
      );
    const policy = new SecurityPolicy(
      ARMOR_POLICY,
      {
        project: args.project,
        name: ARMOR_POLICY,
        description: "In front of every function.",
        type: "CLOUD_ARMOR",
        advancedOptionsConfig: { jsonParsing: args.policy.jsonParsing, logLevel: "NORMAL" }, // verbose logs would quote what people sent
        adaptiveProtectionConfig: { layer7DdosDefenseConfig: { enable: true, ruleVisibility: "STANDARD" } },
        rules: args.policy.rules.map(ruleInput),
      },
      { parent: this },
    );
    this.policyLink = policy.selfLink;
    this.registerOutputs({ policyLink: this.policyLink });
  }
}

const ruleInput = ({ priority, description, action, match, preview, rate }: ArmorRule) => ({
  priority,
  description,
  action,
  preview: preview === true,
  match:
    match === "*" ? { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } } : { expr: { expression: match } },
  ...(rate === undefined ? {} : { rateLimitOptions: rateInput(rate) }),
});

const rateInput = ({ count, intervalSec, enforceOnKey, exceedAction, banDurationSec }: Rate) => ({
  conformAction: "allow",
  exceedAction,
  enforceOnKey,
  rateLimitThreshold: { count, intervalSec },
  ...(banDurationSec === undefined ? {} : { banDurationSec }),
});
