import { memoryPermitStore } from "../../platform/permit-store.js";
import { rateLimiter } from "../../platform/rate-limit.js";
import type { Caller } from "../../platform/secure-call.js";
import { makeBackupCodes } from "../factors/backup-codes.js";
import type { Passkey } from "../factors/passkey.js";
import { verifyFactor } from "../factors/verify-factor.js";
import { caller, identity, NOW, storedSession } from "../identity.fixture.js";
import type { Letter } from "../notices/send-letter.js";
import { newAccount } from "../sessions/session-store.js";
import type { RecoveryDeps } from "./deps.js";
import { memoryRecoveryStore } from "./recovery-store.js";

/** Recovery on memory stores: letters and recovery addresses in reach. */
export const recoveryWorld = (over: Partial<RecoveryDeps> = {}) => {
  const world = identity(over);
  const letters: Letter[] = [];
  const reachable = new Set<Letter["to"]>(["primary", "recovery"]);
  const deps: RecoveryDeps = {
    ...world.deps,
    recoveries: memoryRecoveryStore(),
    sendLetter: async (letter) => {
      if (reachable.has(letter.to) && !letters.some(({ id }) => id === letter.id)) letters.push(letter);
      return reachable.has(letter.to);
    },
    verify: (given) => verifyFactor(deps, given),
    limiter: rateLimiter({ permits: memoryPermitStore(), clock: world.deps.clock }),
    ...over,
  };
  const last = (kind: Letter["kind"]) => letters.findLast((letter) => letter.kind === kind)?.secret ?? "";
  return {
    ...world,
    deps,
    letters,
    reachable,
    /** The secrets of the last letters. */
    mailed: () => ({ token: last("recovery-link"), code: last("recovery-code") }),
    noticeKinds: () => world.noticed.map(({ kind }) => kind),
  };
};

export type RecoveryWorld = ReturnType<typeof recoveryWorld>;

/** Ann with an authenticator app, a passkey and three backup codes, signed in with her password on two devices. */
export const annLosesAll = async (world: RecoveryWorld, uid = "ann") => {
  const { deps, accounts, statuses } = world;
  statuses.set(uid, { disabled: false, email: `${uid}@example.org`, emailVerified: true, tokensValidAfter: 0 });
  accounts.set(uid, newAccount(NOW));
  const { codes, hashes } = await makeBackupCodes(deps, uid);
  await deps.factors.beginTotp(uid, { id: "f", sealedSeed: new Uint8Array(9), sid: "old", expiresAt: NOW + 1 });
  await deps.factors.activateTotp(uid, { pendingId: "f", step: 1, hashes, at: NOW });
  await deps.factors.addPasskey(uid, { passkey: passkey(`key-of-${uid}`), hashes: [] });
  const sessions = [`${uid}-one`, `${uid}-two`].map((sid) => storedSession({ uid, sid, stepUpRequired: true }));
  for (const session of sessions)
    await deps.sessions.start({ uid, sid: session.sid, signedInAt: NOW, at: NOW, build: () => session });
  const by = (index: number): Caller => {
    const session = sessions[index] ?? storedSession({ uid });
    return caller({ uid, sid: session.sid, session });
  };
  return { one: by(0), two: by(1), codes, passkey: `key-of-${uid}` };
};

/** An operator with a strong session. */
export const operator = (uid: string, over: Partial<Caller> = {}): Caller =>
  caller({
    uid,
    sid: `sid-${uid}`,
    session: storedSession({ uid, sid: `sid-${uid}`, aal: 2, roles: ["user", "admin"] }),
    ...over,
  });

const passkey = (id: string): Passkey => ({
  id,
  publicKey: new Uint8Array([1]),
  counter: 0,
  transports: [],
  aaguid: "00000000-0000-0000-0000-000000000000",
  backupEligible: true,
  backedUp: true,
  userVerified: true,
  attestation: "none",
  name: "Telephone",
  createdAt: NOW,
});
