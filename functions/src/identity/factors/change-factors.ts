import { randomId } from "../../kernel/random.js";
import type { Caller } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import type { NoticeKind } from "../notices/notice.js";
import { makeBackupCodes } from "./backup-codes.js";

type Deps = Pick<IdentityDeps, "factors" | "encryption" | "record" | "notify" | "clock" | "random">;

/** Removes the authenticator app. When it was the last factor, every backup code dies with it. */
export const removeTotp = async (
  deps: Pick<Deps, "factors" | "record" | "notify" | "random">,
  caller: Caller,
): Promise<{ removed: true }> => {
  if (!(await deps.factors.removeTotp(caller.uid))) throw identityError("factor-missing");
  await deps.record({ ...by(caller), type: identityEvent["factor-removed"], detail: { method: "totp" } });
  await tellPerson(deps, caller, "factor-removed", { method: "totp" });
  return { removed: true };
};

/** Makes new backup codes; the earlier ones are gone before the new ones are shown. */
export const regenerateBackupCodes = async (deps: Deps, caller: Caller): Promise<{ backupCodes: string[] }> => {
  const { codes, hashes } = await makeBackupCodes(deps, caller.uid);
  if (!(await deps.factors.replaceCodes(caller.uid, hashes, deps.clock()))) throw identityError("factor-missing");
  await deps.record({ ...by(caller), type: identityEvent["backup-regenerated"], detail: { count: codes.length } });
  await tellPerson(deps, caller, "codes-regenerated", {});
  return { backupCodes: codes };
};

const by = (caller: Caller) => ({
  outcome: "success" as const,
  subject: caller.uid,
  ip: caller.ip,
  ...(caller.sid !== undefined && { session: caller.sid }),
});

const tellPerson = (
  deps: Pick<Deps, "notify" | "random">,
  { uid, sid }: Caller,
  kind: NoticeKind,
  facts: Record<string, string>,
): Promise<void> =>
  deps.notify({ id: `${kind}.${randomId(deps.random)}`, uid, kind, ...(sid !== undefined && { sid }), facts });
