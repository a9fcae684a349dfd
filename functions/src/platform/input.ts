import type { z } from "zod";
import { requestError } from "./errors.js";
import type { StepUpProof } from "./gate-ports.js";

/** What came with a call, taken apart. */
export interface Parcel {
  /** The input alone. */
  readonly input: unknown;
  /** What the proof was made over: the input, and the second factor when one came. */
  readonly proven: unknown;
  /** `_proof`: a proof of the device's key, as it came. */
  readonly proof?: unknown;
  /** `_stepUp`: a second factor given along with the call. */
  readonly stepUp?: StepUpProof;
}

/** Takes the reserved keys out of the data of a call. */
export const unpack = (data: unknown): Parcel => {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return { input: data, proven: data };
  const { _proof, ...proven } = data as Record<string, unknown>;
  const { _stepUp, ...input } = proven;
  return {
    input,
    proven,
    ...(_proof !== undefined && { proof: _proof }),
    ...(Object.hasOwn(proven, "_stepUp") && { stepUp: readStepUp(_stepUp) }),
  };
};

const readStepUp = (value: unknown): StepUpProof => {
  const { method, code, challenge, response } = (value ?? {}) as Record<string, unknown>;
  if ((method === "totp" || method === "backup-code") && isShort(code)) return { method, code };
  // Its own verifier reads the response strictly.
  if (method === "passkey" && isShort(challenge) && typeof response === "object" && response !== null)
    return { method, challenge, response };
  const message = "Expected { method, code } or { method, challenge, response }.";
  throw requestError("malformed", { details: { faults: [{ field: "_stepUp", message }] } });
};

const isShort = (value: unknown): value is string => typeof value === "string" && value.length <= 64;

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
