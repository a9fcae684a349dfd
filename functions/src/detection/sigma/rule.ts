import type { OcsfClass } from "../../kernel/event.js";

export type Scalar = string | number | boolean;
/** A flat event: what a rule sees. */
export type FlatEvent = Readonly<Record<string, Scalar | readonly string[] | undefined>>;

export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

/** `"field|modifier…": value`; a list means any of them; null means that the field is absent. All pairs must hold. */
export type FieldMap = Readonly<Record<string, Scalar | null | readonly Scalar[]>>;
/** A list of maps means any of them. */
export type Selection = FieldMap | readonly FieldMap[];

export interface Correlation {
  /** `event_count` counts events; `value_count` counts different values of `condition.field`. */
  readonly type: "event_count" | "value_count";
  /** The flat fields whose values make a group. An event that lacks one is not counted. */
  readonly "group-by": readonly string[];
  /** A number and `s`, `m`, `h` or `d`. */
  readonly timespan: string;
  readonly condition: { readonly gte: number; readonly field?: string };
}

/** Some events as data: `times` of them, `everySeconds` apart, `varying` numbered so that each has its own value. */
export interface Example {
  readonly event: FlatEvent;
  readonly times?: number;
  readonly everySeconds?: number;
  readonly varying?: string;
}

/** What incidents may do by itself about a finding of this rule, when its level is high or critical. */
export type Response = "block" | "revoke-sessions";

/** A Sigma rule (specification 2.1) over Firekeep's events, with its correlation in the same value, its answer and its proof. */
export interface SigmaRule {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly logsource: { readonly product: "firekeep"; readonly category: OcsfClass };
  readonly detection: { readonly condition: string } & Readonly<Record<string, Selection | string>>;
  readonly correlation?: Correlation;
  readonly level: Level;
  /** `attack.tXXXX` and `attack.tXXXX.YYY`. */
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly response: readonly Response[];
  readonly examples: { readonly fires: readonly Example[]; readonly silent: readonly Example[] };
}
