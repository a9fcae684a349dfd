import { config } from "../config.js";
import { MINUTE, SECOND } from "../kernel/time.js";
import type { Policy } from "./api.js";
import { PROOF_WINDOW_MS, rejected, verifyDeviceProof, type DeviceProof } from "./device-proof.js";
import { requestError } from "./errors.js";
import { requestEvent } from "./events.js";
import type { Caller, Gate } from "./gate.js";
import type { Parcel } from "./input.js";
import { proofKey } from "./nonce-store.js";
import { judgeSecret } from "./rotating-secret.js";
import type { Session } from "./session.js";

/** Verifies the proof that came with a call; undefined when none did. No store is asked. */
export const readProof = (gate: Gate, functionId: string, { proof, proven }: Parcel): DeviceProof | undefined =>
  proof === undefined
    ? undefined
    : verifyDeviceProof({
        proof,
        data: proven,
        functionId,
        projectId: gate.projectId(),
        region: config.functions.region,
        clock: gate.clock,
      });

/** A session that is bound to a device key goes on under this key only, on every call. */
export const holdDevice = async (gate: Gate, session: Session, caller: Caller): Promise<void> => {
  if (session.jkt === undefined) return;
  if (caller.device === undefined) throw requestError("proof-required", { details: { why: "missing" } });
  if (caller.device.jkt === session.jkt) return;
  await tellForeign(gate, session, caller);
  throw rejected("key");
};

/** What a sensitive call wants beside: a bound session, its secret, and a proof that was never used. */
export const holdSecret = async (
  gate: Gate,
  session: Session,
  call: { caller: Caller; proof: DeviceProof | undefined; policy: Policy; input: unknown },
): Promise<void> => {
  const { caller, proof, policy, input } = call;
  if (session.jkt === undefined) throw requestError("proof-required", { details: { why: "unbound" } });
  if (proof === undefined) throw requestError("proof-required", { details: { why: "missing" } });
  if (session.secret === undefined || proof.secretHash === undefined) throw rejected("secret");
  const verdict = judgeSecret(session.secret, proof.secretHash, gate.clock(), policy.rotates?.(input));
  if (verdict === "unknown") throw rejected("secret");
  if (verdict === "stolen") {
    await gate.ports().sessionStolen({ session, ip: caller.ip, userAgent: caller.userAgent });
    gate.sessions.forget(session.sid);
    throw requestError("session-revoked");
  }
  await spendProof(gate, proof);
};

/** A proof counts once. Forgotten when its time is long over, whatever the clocks of two instances say. */
export const spendProof = async (gate: Gate, proof: DeviceProof): Promise<void> => {
  const until = proof.iat * SECOND + 2 * PROOF_WINDOW_MS;
  if (!(await gate.nonces.spend(proofKey(proof), until))) throw rejected("used");
};

// Whoever holds the token can do this as often as they like: once a minute and session tells enough.
const TOLD = { permits: 1, perMs: MINUTE, by: "account", store: "instance", whenDown: "allow" } as const;

const tellForeign = async (gate: Gate, session: Session, { ip, userAgent }: Caller): Promise<void> => {
  const isNew = await gate.limiter("proof-foreign", TOLD, session.sid).then(
    () => true,
    () => false,
  );
  if (!isNew) return;
  await gate.ports().record({
    type: requestEvent["proof-foreign"],
    outcome: "failure",
    subject: session.uid,
    session: session.sid,
    ip,
    userAgent,
  });
};
