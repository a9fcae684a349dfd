import type { Session } from "../../platform/session.js";
import type { IdentityDeps } from "../deps.js";
import { FACTORS_SCOPE } from "./paths.js";

/** Tells the person that a saved backup code opened their factors: a recovery by NIST SP 800-63B-4 §4.2.1.1. */
export const tellBackupUse = async (
  deps: Pick<IdentityDeps, "notify">,
  { session, scope, remaining }: { session: Session; scope: string; remaining: number },
): Promise<void> => {
  if (scope !== FACTORS_SCOPE) return;
  const { uid, sid } = session;
  const id = `code-used.${sid}.${String(remaining)}`;
  await deps.notify({ id, uid, sid, kind: "recovery-used", facts: { method: "backup code" } });
};
