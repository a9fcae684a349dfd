import { Budget } from "@pulumi/gcp/billing/budget.js";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { StackConfig } from "../config.ts";

export interface BudgetWatchArgs {
  readonly project: string;
  readonly budget: Exclude<StackConfig["budget"], "none">;
}

/** A fixed monthly sum with warnings to the billing administrators: an attack on the bill is an attack. */
export class BudgetWatch extends ComponentResource {
  constructor(name: string, args: BudgetWatchArgs, opts?: ComponentResourceOptions) {
    super("firekeep:watch:BudgetWatch", name, {}, opts);
    new Budget(
      "monthly",
      {
        billingAccount: args.budget.billingAccount,
        displayName: `Firekeep ${args.project}`,
        budgetFilter: { projects: [`projects/${args.project}`], calendarPeriod: "MONTH" },
        amount: { specifiedAmount: { currencyCode: args.budget.currency, units: String(args.budget.monthly) } },
        thresholdRules: [
          ...[0.5, 0.9, 1].map((thresholdPercent) => ({ thresholdPercent })),
          { thresholdPercent: 1, spendBasis: "FORECASTED_SPEND" },
        ],
      },
      // Google answers with the project's number in place of its id: no change worth making again.
      { parent: this, ignoreChanges: ["budgetFilter.projects"] },
    );
    this.registerOutputs();
  }
}
