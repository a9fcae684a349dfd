import type { z } from "zod";
import { requestError } from "./errors.js";
import type { StepUpProof } from "./gate-ports.js";

/** Takes the reserved key `_stepUp` (a second factor given along with the call) out of the data. */
export const splitProof = (data: unknown): { data: unknown; proof?: StepUpProof } => {
  if (typeof data !== "object" || data === null || !Object.hasOwn(data, "_stepUp")) return { data };
  const { _stepUp, ...rest } = data as Record<string, unknown>;
  return { data: rest, proof: readProof(_stepUp) };
};

const readProof = (value: unknown): StepUpProof => {
  const { method, code } = (value ?? {}) as Record<string, unknown>;
  if ((method !== "totp" && method !== "backup-code") || typeof code !== "string" || code.length > 64) {
    throw requestError("malformed", {
      details: { faults: [{ field: "_stepUp", message: "Expected { method, code }." }] },
    });
  }
  return { method, code };
};

/** The parsed input, or `request/malformed` naming every faulty field. Values are never echoed. */
export const parseInput = (schema: z.ZodType, data: unknown): unknown => {
  const parsed = schema.safeParse(data ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap((issue) => {
    const path = issue.path.map((part) => String(part).slice(0, 64)).join(".");
    if (issue.code !== "unrecognized_keys") return [{ field: path === "" ? "(input)" : path, message: issue.message }];
    return issue.keys.map((key) => ({
      field: [path, key.slice(0, 64)].filter(Boolean).join("."),
      message: "Unknown field.",
    }));
  });
  throw requestError("malformed", { details: { faults: faults.slice(0, 20) } });
};
