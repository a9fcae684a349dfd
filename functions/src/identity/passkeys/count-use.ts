import type { IdentityDeps } from "../deps.js";
import { identityEvent } from "../events.js";
import { refuse } from "./refusal.js";

/** Counts the use, or refuses it: of two copies of a key, one will be behind. */
export const countUse = async (
  deps: Pick<IdentityDeps, "factors" | "record" | "clock">,
  uid: string,
  { id, counter, backedUp }: { id: string; counter: number; backedUp: boolean },
): Promise<void> => {
  const used = await deps.factors.usePasskey(uid, { id, counter, backedUp, at: deps.clock() });
  if (used === "accepted") return;
  if (used === "missing") throw refuse("unknown-credential");
  const detail = { method: "passkey", counter };
  await deps.record({ type: identityEvent["passkey-cloned"], outcome: "failure", subject: uid, detail });
  throw refuse("counter");
};
