import { createHash } from "node:crypto";
import type { SecurityEvent } from "../../kernel/event.js";
import type { Caller } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { tellFactor } from "../factors/given-factor.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import { signalOf } from "./list-passkeys.js";

type Deps = Pick<IdentityDeps, "factors" | "record" | "notify" | "rp" | "clock">;

/** Gives a passkey another name in the person's list. */
export const renamePasskey = async (deps: Deps, caller: Caller, { id, name }: { id: string; name: string }) => {
  const signal = await changed(deps, caller, () => deps.factors.renamePasskey(caller.uid, id, name));
  await deps.record(told(caller, "passkey-renamed"));
  return { renamed: true as const, signal };
};

/** Removes a passkey. When it was the last factor, every backup code dies with it. */
export const removePasskey = async (deps: Deps, caller: Caller, id: string) => {
  const signal = await changed(deps, caller, () => deps.factors.removePasskey(caller.uid, id));
  await deps.record(told(caller, "factor-removed"));
  await deps.notify({
    // The time makes it another notice when the same key is set up and removed again.
    id: `factor-removed.${createHash("sha256").update(id).digest("base64url")}.${String(deps.clock())}`,
    uid: caller.uid,
    kind: "factor-removed",
    sid: sessionOf(caller).sid,
    facts: { method: "passkey" },
  });
  return { removed: true as const, signal };
};

const changed = async (deps: Deps, caller: Caller, change: () => Promise<boolean>) => {
  const rp = deps.rp();
  if (!(await change())) throw identityError("factor-missing");
  return signalOf(rp, caller, await deps.factors.find(caller.uid));
};

const told = (caller: Caller, name: "passkey-renamed" | "factor-removed"): SecurityEvent => ({
  ...tellFactor(identityEvent[name], "success", { session: sessionOf(caller), ip: caller.ip }),
  detail: { method: "passkey" },
});
