import type { Caller } from "../platform/secure-call.js";
import { makeBackupCodes } from "./backup-codes.js";
import type { IdentityDeps } from "./deps.js";
import { identityError } from "./errors.js";
import { identityEvent } from "./events.js";

/** Removes the authenticator app. It is the last factor, so every backup code dies with it. */
export const removeTotp = async (
  deps: Pick<IdentityDeps, "factors" | "record">,
  caller: Caller,
): Promise<{ removed: true }> => {
  if (!(await deps.factors.removeTotp(caller.uid))) throw identityError("factor-missing");
  await deps.record({ ...by(caller), type: identityEvent["factor-removed"], detail: { method: "totp" } });
  return { removed: true };
};

/** Makes new backup codes; the earlier ones are gone before the new ones are shown. */
export const regenerateBackupCodes = async (
  deps: Pick<IdentityDeps, "factors" | "encryption" | "record" | "clock" | "random">,
  caller: Caller,
): Promise<{ backupCodes: string[] }> => {
  const { codes, hashes } = await makeBackupCodes(deps, caller.uid);
  if (!(await deps.factors.replaceCodes(caller.uid, hashes, deps.clock()))) throw identityError("factor-missing");
  await deps.record({ ...by(caller), type: identityEvent["backup-regenerated"], detail: { count: codes.length } });
  return { backupCodes: codes };
};

const by = (caller: Caller) => ({
  outcome: "success" as const,
  subject: caller.uid,
  ip: caller.ip,
  ...(caller.sid !== undefined && { session: caller.sid }),
});
