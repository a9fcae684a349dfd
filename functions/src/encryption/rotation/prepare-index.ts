import type { SecurityEvent } from "../../kernel/event.js";
import { encryptionEvent } from "../events.js";
import type { IndexRootDeps } from "../indexes/index-root.js";
import { phaseOf, stateAfter } from "../indexes/index-state.js";
import { makeRoot } from "../indexes/wrap-root.js";
import { unreadable } from "../keys/outage.js";
import { targetOf } from "./document-sweeps.js";
import type { Sweep } from "./sweep.js";

/**
 * Makes the next index root, and only then tells everybody of it: instances may not be allowed to wrap one. Roots that no
 * rotation uses any more go, but never the first, which keyed hashes are made with.
 */
export const prepareSweep = (
  deps: IndexRootDeps & { readonly record: (event: SecurityEvent) => Promise<void> },
): Sweep => ({
  parts: () => Promise.resolve([]),
  before: async (job) => {
    const root = targetOf(job, "root");
    const state = await deps.roots.state().catch(unreadable);
    if (phaseOf(state) !== "steady" || state.write !== root - 1) return;
    const stored = await deps.roots.list().catch(unreadable);
    const unused = stored.filter(({ name }) => ![1, state.write, root].includes(Number(name)));
    for (const { name } of unused) await deps.roots.remove(name).catch(unreadable);
    (await makeRoot(deps, root)).fill(0);
    const next = stateAfter(state, "prepare", deps.clock());
    if (next === undefined || !(await deps.roots.move(state, next).catch(unreadable))) return;
    const detail = { entity: "index", phase: "prepare", root };
    await deps.record({ type: encryptionEvent["index-moved"], outcome: "success", actor: "system", detail });
  },
});
