import { config } from "../../config.js";
import type { Limit } from "../../kernel/limits.js";
import { networkPrefix } from "../../kernel/network.js";
import { randomId } from "../../kernel/random.js";
import { HOUR, type EpochMs } from "../../kernel/time.js";
import type { Caller } from "../../platform/secure-call.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { usableMethods, type Factors } from "../factors/factors.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import type { RecoveryDeps } from "./deps.js";
import { idOf, open, slotOf, type OwnRecovery } from "./recovery.js";
import { hashCode, hashToken, newCode, newToken } from "./secrets.js";
import { tellRecovery } from "./tell-recovery.js";

/** The second pieces that can be shown beside the link. */
export type SecondPiece = "address-code" | "backup-code" | "passkey";

/**
 * Begins the way back of somebody who has lost their second factors: mails a link to the account's confirmed address and, where
 * there is a confirmed recovery address, a code to that one. A new link takes an older one's place. Everybody is told before
 * the link is on its way, and the code goes first: it is good for nothing alone.
 *
 * @throws identity/recovery-unavailable without a confirmed address, -busy while a recovery is being carried out
 */
export const startRecovery = async (
  deps: RecoveryDeps,
  caller: Caller,
): Promise<{ expiresAt: EpochMs; second: SecondPiece[] }> => {
  const session = sessionOf(caller);
  await deps.limiter("identity-recovery-start", PER_NETWORK, networkPrefix(caller.ip));
  const status = await deps.directory.status(caller.uid);
  if (status?.email === undefined || !status.emailVerified) throw identityError("recovery-unavailable");
  const { fresh, token, mailed } = await prepare(deps, caller.uid);
  const began = await deps.recoveries.apply(slotOf("own", caller.uid), (now) => open(now, fresh));
  if (!began) throw identityError("busy");
  const { device, country } = session;
  const facts = { device: device.name, browser: device.browser, os: device.os, country };
  const id = idOf(fresh);
  await deps.notify({ id: `${id}.started`, uid: caller.uid, kind: "recovery-started", sid: session.sid, facts });
  await deps.sendLetter({ id: `${id}.link`, uid: caller.uid, to: "primary", kind: "recovery-link", secret: token });
  await tellRecovery(deps, identityEvent["recovery-started"], { caller, detail: { code: mailed } });
  const factors = await deps.factors.find(caller.uid);
  return { expiresAt: fresh.expiresAt, second: [...(mailed ? (["address-code"] as const) : []), ...bound(factors)] };
};

const PER_NETWORK: Limit = { permits: 20, perMs: HOUR, by: "network", store: "shared", whenDown: "refuse" };

const prepare = async (deps: RecoveryDeps, uid: string) => {
  const startedAt = deps.clock();
  const round = randomId(deps.random);
  const [token, code] = [newToken(deps.random), newCode(deps.random)];
  const letter = { id: `${slotOf("own", uid)}.${round}.code`, uid, to: "recovery", kind: "recovery-code" } as const;
  const mailed = await deps.sendLetter({ ...letter, secret: code });
  const fresh: OwnRecovery = {
    kind: "own",
    uid,
    round,
    state: "open",
    startedAt,
    expiresAt: startedAt + config.recovery.linkMs,
    linkHash: hashToken(token),
    ...(mailed && { codeHash: await hashCode(deps, { uid, round }, code) }),
    attempts: 0,
    lost: { totp: false, passkeys: [] },
  };
  return { fresh, token, mailed };
};

const bound = (factors: Factors | undefined): SecondPiece[] =>
  usableMethods(factors).flatMap((method) => (method === "totp" ? [] : [method]));
