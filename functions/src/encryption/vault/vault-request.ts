import type { LegalBasis } from "../../kernel/data-map/declaration.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Purpose, SilentReason } from "./purposes.js";

/**
 * The document `vaultRequests/{id}`: somebody asked to see fields under the hardware key. What is asked for never changes;
 * only the state does. It never holds a value.
 */
export interface VaultRequest {
  readonly id: string;
  /** Whose data. Like `path` and `reason` gone once that person is erased: then nothing can be decided or opened any more. */
  readonly uid?: string;
  /** Name in the data map. */
  readonly collection: string;
  readonly path?: string;
  readonly fields: readonly string[];
  readonly purpose: Purpose;
  readonly legalBasis: LegalBasis;
  /** In the officer's own words. */
  readonly reason?: string;
  /** Why the person is not told at once; absent: they are. */
  readonly silent?: SilentReason;
  readonly requestedBy: string;
  readonly requestedAt: EpochMs;
  /** Until when somebody may decide. */
  readonly expiresAt: EpochMs;
  readonly state: "requested" | "approved" | "denied" | "cancelled" | "opened";
  readonly decidedBy?: string;
  readonly decidedAt?: EpochMs;
  /** Of an approved one: until when it may be opened. */
  readonly opensUntil?: EpochMs;
  readonly openedAt?: EpochMs;
  /** Of a silent one: until when it is kept from the person. Absent once they were told. */
  readonly hiddenUntil?: EpochMs;
  /** When the person was told of a silent opening. */
  readonly toldAt?: EpochMs;
}

/** A request about a person who is still there. */
export type LiveRequest = VaultRequest & { readonly uid: string; readonly path: string };

/** Why a step cannot be taken: no such open request; somebody else must; the wrong person opens. */
export type Refusal = "unknown" | "own" | "foreign";

export type Step = { readonly next: VaultRequest } | { readonly refused: Refusal };

export interface By {
  readonly uid: string;
  readonly at: EpochMs;
}

/** As it stands now: time ends what nobody decided or opened. */
export const stateOf = (request: VaultRequest, now: EpochMs): VaultRequest["state"] | "expired" | "erased" => {
  const { state, expiresAt, opensUntil = 0 } = request;
  const open = state === "requested" || state === "approved";
  if (open && !isLive(request)) return "erased";
  if (state === "requested" && now >= expiresAt) return "expired";
  if (state === "approved" && now >= opensUntil) return "expired";
  return state;
};

export const isLive = (request: VaultRequest): request is LiveRequest =>
  request.uid !== undefined && request.path !== undefined;

/** Whether this person may know of it: nobody decides on, or looks at, requests for their own data. */
export const mayKnow = (request: VaultRequest, uid: string): boolean => request.uid !== uid;

export const approve = (now: VaultRequest | undefined, by: By, openMs: number): Step =>
  decide(now, by, { state: "approved", opensUntil: by.at + openMs });

export const deny = (now: VaultRequest | undefined, by: By): Step => decide(now, by, { state: "denied" });

/** By whoever asked, or by any other officer: stopping takes nobody's leave. */
export const cancel = (now: VaultRequest | undefined, by: By): Step => {
  if (now === undefined || !mayKnow(now, by.uid)) return { refused: "unknown" };
  if (!["requested", "approved"].includes(stateOf(now, by.at))) return { refused: "unknown" };
  // Who approved it stays on record.
  return { next: { ...now, state: "cancelled" } };
};

/** Once, by whoever asked. */
export const open = (now: VaultRequest | undefined, by: By, silentMs: number): Step => {
  if (now === undefined || !mayKnow(now, by.uid)) return { refused: "unknown" };
  if (now.requestedBy !== by.uid) return { refused: "foreign" };
  if (stateOf(now, by.at) !== "approved") return { refused: "unknown" };
  const hidden = now.silent === undefined ? {} : { hiddenUntil: by.at + silentMs };
  return { next: { ...now, state: "opened", openedAt: by.at, ...hidden } };
};

/** Ends the silence. Of one that was never opened there is nothing to tell. */
export const release = (now: VaultRequest | undefined, at: EpochMs): Step => {
  if (now?.hiddenUntil === undefined || at < now.hiddenUntil) return { refused: "unknown" };
  const next: VaultRequest = { ...now, ...(now.state === "opened" && { toldAt: at }) };
  delete (next as { hiddenUntil?: EpochMs }).hiddenUntil;
  return { next };
};

const decide = (
  now: VaultRequest | undefined,
  { uid, at }: By,
  decision: Pick<VaultRequest, "state" | "opensUntil">,
): Step => {
  if (now === undefined || !mayKnow(now, uid) || stateOf(now, at) !== "requested") return { refused: "unknown" };
  if (now.requestedBy === uid) return { refused: "own" };
  return { next: { ...now, ...decision, decidedBy: uid, decidedAt: at } };
};
