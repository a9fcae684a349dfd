import { config } from "../../config.js";
import { randomId } from "../../kernel/random.js";
import { qrcodeSdk } from "../../platform/sdk.js";
import type { Caller } from "../../platform/secure-call.js";
import { makeBackupCodes } from "./backup-codes.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import type { PendingTotp } from "./factors.js";
import { tellFactor } from "./given-factor.js";
import { refuseRisky } from "./refuse-risky.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import { describeSeed, matchStep, newSeed } from "./totp.js";
import { seedLabel } from "./verify-factor.js";

/** Draws a seed and keeps it, sealed, until its first code comes. An authenticator app in use stays in use until then. */
export const enrolTotp = async (
  deps: Pick<IdentityDeps, "factors" | "encryption" | "clock" | "random">,
  caller: Caller,
) => {
  const session = sessionOf(caller);
  refuseRisky(session);
  const id = randomId(deps.random);
  const seed = newSeed(deps.random);
  const sealedSeed = await deps.encryption.sealSecret({ label: seedLabel(id), subject: caller.uid, secret: seed });
  const expiresAt = deps.clock() + config.totp.pendingMs;
  await deps.factors.beginTotp(caller.uid, { id, sealedSeed, sid: session.sid, expiresAt });
  const { uri, secret } = describeSeed(seed, caller.token.email ?? caller.uid);
  const qrSvg = await qrcodeSdk().toString(uri, { type: "svg", errorCorrectionLevel: "M" });
  return { uri, qrSvg, secret, expiresAt };
};

/**
 * The first code shows that the app holds the seed: it becomes the factor, the code counts as used, the session is raised
 * (but opens no guarded action: a factor just set up vouches for nothing), and backup codes are made when it is the first
 * factor. Whoever confirms knows the seed, so there is nothing to guess and no attempt to spend.
 */
export const confirmTotp = async (
  deps: Pick<IdentityDeps, "factors" | "sessions" | "encryption" | "record" | "notify" | "clock" | "random">,
  caller: Caller,
  code: string,
) => {
  const session = sessionOf(caller);
  const pending = (await deps.factors.find(caller.uid))?.pending;
  if (pending?.sid !== session.sid || deps.clock() >= pending.expiresAt) throw identityError("enrolment-missing");
  const step = await stepOf(deps, caller.uid, pending, code);
  if (step === undefined) throw identityError("code-rejected");
  const { codes, hashes } = await makeBackupCodes(deps, caller.uid);
  const at = deps.clock();
  const active = await deps.factors.activateTotp(caller.uid, { pendingId: pending.id, step, hashes, at });
  if (active === undefined) throw identityError("enrolment-missing");
  const raised = await deps.sessions.raise(session.sid, { uid: caller.uid, at, amr: ["otp"] });
  const told = tellFactor(identityEvent["factor-added"], "success", { session, ip: caller.ip });
  await deps.record({ ...told, detail: { method: "totp" } });
  await deps.notify({
    id: `factor-added.${pending.id}`,
    uid: caller.uid,
    kind: "factor-added",
    sid: session.sid,
    facts: { method: "totp" },
  });
  if (raised === undefined) throw identityError("session-ended");
  return { backupCodes: active.codesMade ? codes : [], assurance: raised.aal };
};

const stepOf = async (
  deps: Pick<IdentityDeps, "encryption" | "clock">,
  uid: string,
  pending: PendingTotp,
  code: string,
) => {
  const place = { label: seedLabel(pending.id), subject: uid, token: pending.sealedSeed };
  return matchStep(await deps.encryption.openSecret(place), code, deps.clock());
};
