import { createHash } from "node:crypto";
import { canonicalJson } from "../../kernel/canonical-json.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Block } from "./block-store.js";
import type { IdentityDeps } from "../deps.js";
import { identityEvent } from "../events.js";

export type { Block } from "./block-store.js";

export interface BlockRequest {
  /** Absent: everyone from the network. */
  readonly uid?: string;
  /** /24, or /48 in IPv6. Absent: the account from anywhere. */
  readonly networkPrefix?: string;
  readonly until: EpochMs;
  /** Public name, for the log. */
  readonly reason: string;
  /** Id of the incident that asked for it. */
  readonly incident?: string;
}

type Deps = Pick<IdentityDeps, "blocks" | "sessions" | "record" | "clock">;

export const blockAccess = async (deps: Deps, request: BlockRequest): Promise<void> => {
  const { uid, networkPrefix } = request;
  if (uid === undefined && networkPrefix === undefined)
    throw new TypeError("a block names an account, a network or both");
  const at = deps.clock();
  await deps.blocks.put(blockId(uid, networkPrefix), { ...request, at });
  const ended = uid === undefined ? 0 : await endCovered(deps, uid, networkPrefix, at);
  await deps.record({
    type: identityEvent["access-blocked"],
    outcome: "success",
    actor: "system",
    ...(uid !== undefined && { subject: uid }),
    ...(networkPrefix !== undefined && { ip: networkPrefix.slice(0, networkPrefix.indexOf("/")) }),
    detail: {
      reason: request.reason,
      until: request.until,
      sessionsEnded: ended,
      ...(request.incident !== undefined && { incident: request.incident }),
    },
  });
};

export const findBlock = async (
  deps: Pick<IdentityDeps, "blocks">,
  { uid, networkPrefix }: { uid?: string; networkPrefix?: string },
  now: EpochMs,
): Promise<Block | undefined> => {
  const ids = [
    ...(uid === undefined ? [] : [blockId(uid, undefined)]),
    ...(networkPrefix === undefined ? [] : [blockId(undefined, networkPrefix)]),
    ...(uid === undefined || networkPrefix === undefined ? [] : [blockId(uid, networkPrefix)]),
  ];
  const inForce = (await deps.blocks.findAll(ids)).filter((block) => now < block.until);
  return inForce.sort((a, b) => b.until - a.until)[0];
};

// Made from what is blocked, so that three gets find every block and the id tells no address.
const blockId = (uid: string | undefined, networkPrefix: string | undefined): string =>
  createHash("sha256")
    .update(canonicalJson([uid ?? null, networkPrefix ?? null]))
    .digest("base64url");

const endCovered = async (deps: Deps, uid: string, networkPrefix: string | undefined, at: EpochMs): Promise<number> => {
  const live = await deps.sessions.listLive(uid, at);
  const covered = live.filter((session) => networkPrefix === undefined || session.networkPrefix === networkPrefix);
  await Promise.all(covered.map((session) => deps.sessions.revoke(session.sid, { uid, at, because: "blocked" })));
  return covered.length;
};
