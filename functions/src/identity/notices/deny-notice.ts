import { config } from "../../config.js";
import { blockAccess } from "../accounts/block-access.js";
import type { Challenge } from "../challenges/challenge-store.js";
import type { IdentityDeps } from "../deps.js";
import { identityEvent } from "../events.js";
import { revokeAll } from "../sessions/revoke-sessions.js";
import { DENIED, DENY, denialId, doneId, endsAll } from "./denial.js";
import type { NoticeKind } from "./notice.js";

export type DenyDeps = Pick<
  IdentityDeps,
  "challenges" | "sessions" | "blocks" | "directory" | "devices" | "record" | "clock"
> & {
  /** What else stops when the person says that it was somebody else, such as a recovery under way. */
  readonly whenDenied: readonly ((uid: string) => Promise<void>)[];
};

/**
 * "This was not me": ends the session that the notice was about, or all of them when it told of a change to what opens the
 * account, Firebase's refresh tokens included, and keeps the network it came from away from the account for a while. Works
 * once, opens nothing, and answers the same to everybody who has no good token.
 */
export const denyNotice = async (deps: DenyDeps, token: string): Promise<{ ended: boolean }> => {
  const id = denialId(token);
  const now = deps.clock();
  if ((await deps.challenges.find(doneId(token), now)) !== undefined) return { ended: true };
  const found = await deps.challenges.find(id, now);
  const won = found?.purpose === DENY ? await deps.challenges.consume(id, now) : undefined;
  if (won?.uid === undefined) return { ended: false };
  try {
    await endWhatItTold(deps, won, won.uid);
  } catch (error) {
    // The person presses again: the link must not be spent for nothing.
    await deps.challenges.put(id, won);
    throw error;
  }
  await deps.challenges.put(doneId(token), { ...won, purpose: DENIED });
  return { ended: true };
};

const endWhatItTold = async (deps: DenyDeps, { sid, facts }: Challenge, uid: string): Promise<void> => {
  const kind = facts["kind"] as NoticeKind;
  const at = deps.clock();
  const session = sid === undefined ? undefined : await deps.sessions.find(sid);
  if (endsAll(kind) || sid === undefined) await revokeAll(deps, uid, "denied");
  else {
    await deps.sessions.revoke(sid, { uid, at, because: "denied" });
    await deps.directory.revokeTokens(uid);
  }
  if (session?.uid === uid) {
    const until = at + config.response.blockMs;
    await blockAccess(deps, { uid, networkPrefix: session.networkPrefix, until, reason: "denied" });
  }
  for (const stop of deps.whenDenied) await stop(uid);
  await deps.record({
    type: identityEvent["notice-denied"],
    outcome: "success",
    subject: uid,
    ...(sid !== undefined && { session: sid }),
    detail: { kind, all: endsAll(kind) || sid === undefined },
  });
};
