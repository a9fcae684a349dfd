import { z } from "zod";

/** A finding as it comes on topic `risk-assessed`. Only what incidents need is named; the rest may be there. */
const schema = z.object({
  findingId: z.string().min(16).max(64),
  rule: z.string().min(1).max(64),
  title: z.string().min(1).max(200),
  level: z.enum(["informational", "low", "medium", "high", "critical"]),
  groupBy: z.object({
    uid: z.string().min(1).max(128).optional(),
    networkPrefix: z.string().min(1).max(64).optional(),
  }),
  /** What the rule counts by; the other one is only that of the last event. */
  groupedBy: z.array(z.enum(["uid", "networkPrefix"])).default([]),
  eventIds: z.array(z.string()).max(100).default([]),
  at: z.number().int().nonnegative(),
  response: z.array(z.enum(["block", "revoke-sessions"])).default([]),
});

export interface Finding {
  readonly findingId: string;
  readonly rule: string;
  readonly title: string;
  readonly level: "informational" | "low" | "medium" | "high" | "critical";
  readonly groupBy: { readonly uid?: string; readonly networkPrefix?: string };
  readonly groupedBy: readonly ("uid" | "networkPrefix")[];
  readonly eventIds: readonly string[];
  readonly at: number;
  readonly response: readonly ("block" | "revoke-sessions")[];
}

/** The finding, or undefined when the message is none. */
export const readFinding = (message: unknown): Finding | undefined => {
  const parsed = schema.safeParse(message);
  if (!parsed.success) return undefined;
  const { uid, networkPrefix } = parsed.data.groupBy;
  return {
    ...parsed.data,
    groupBy: { ...(uid !== undefined && { uid }), ...(networkPrefix !== undefined && { networkPrefix }) },
  };
};
