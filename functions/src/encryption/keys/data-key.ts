import type { EpochMs } from "../../kernel/time.js";
import { xaesKey, type XaesKey } from "../tokens/xaes.js";

/** An unwrapped data key, ready to use. The key bytes themselves are gone: only OpenSSL's key schedule is left. */
export interface DataKey {
  /** Its version: the data-key epoch in which it was made, and the token's key id. */
  readonly id: number;
  readonly xaes: XaesKey;
  /** Tokens sealed and opened so far. */
  uses: number;
  /** When its wrapped form was read. */
  readonly readAt: EpochMs;
  /** When the cache fetches it again; later while KMS is down (AMBER only). */
  freshUntil: EpochMs;
  /** When nobody may use it any more, not even who was handed it; at once when the subject's keys are destroyed here. */
  endsAt: EpochMs;
}

/** @param bytes 32 bytes, wiped here */
export const dataKey = (
  times: Pick<DataKey, "id" | "readAt" | "freshUntil" | "endsAt">,
  bytes: Uint8Array,
): DataKey => {
  const xaes = xaesKey(bytes);
  bytes.fill(0);
  return { ...times, xaes, uses: 0 };
};
