import type { EpochMs } from "../kernel/time.js";
import type { Level, Response } from "./sigma/rule.js";

/** Topic that incidents listens on. */
export const FINDINGS_TOPIC = "risk-assessed";

/** What a rule found, as it travels on `risk-assessed`. The same finding always has the same id. */
export interface Finding {
  readonly findingId: string;
  readonly rule: string;
  readonly title: string;
  readonly level: Level;
  /** Whom it is about. When the rule groups by only one of them, the other is that of the event that made it fire. */
  readonly groupBy: { readonly uid?: string; readonly networkPrefix?: string };
  /** What the rule counts by: `uid`, `networkPrefix` or both. */
  readonly groupedBy: readonly ("uid" | "networkPrefix")[];
  /** Some of the events, the newest last. */
  readonly eventIds: readonly string[];
  readonly at: EpochMs;
  readonly tags: readonly string[];
  /** What may be done about it without a person. */
  readonly response: readonly Response[];
}
