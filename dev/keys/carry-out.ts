import type * as KeyStatusOf from "../../functions/src/encryption/rotation/key-status.js";
import type * as Start from "../../functions/src/encryption/rotation/start-rotation.js";
import { setupError } from "../setup/say.mjs";
import type { Keks } from "./keks.ts";
import { showCost, showStatus } from "./show-status.ts";
import type { Wish } from "./wishes.ts";

/** The built functions' own use cases. */
export interface Backend {
  readonly deps: Start.StartDeps;
  readonly keks: () => Keks;
  readonly keyStatus: (typeof KeyStatusOf)["keyStatus"];
  readonly start: Pick<typeof Start, "moveIndex" | "rotateDataKeys" | "startReseal" | "startRetire" | "startRewrap">;
}

/** Does it. Says numbers and names of collections, nothing of persons. */
export const carryOut = async (backend: Backend, wish: Wish, say: (line: string) => void): Promise<void> => {
  const { deps, start } = backend;
  if (wish.verb === "status" || wish.verb === "cost") return show(backend, wish.verb, say);
  if (wish.verb === "kek") return changeKek(backend, wish, say);
  if (wish.verb === "rotate-data") {
    const { epoch } = await start.rotateDataKeys(deps);
    say(`epoch ${String(epoch)} began: what is written from now on is under new keys, and the rest is being resealed.`);
  } else if (wish.verb === "rotate-index") {
    await start.moveIndex(deps, wish.phase, wish);
    say(PHASES[wish.phase]);
  } else if (wish.verb === "retire") {
    if (!wish.yes) throw setupError("this destroys the data keys of older epochs for good: say --yes.");
    await start.startRetire(deps, wish);
    say("data keys of older epochs are being destroyed.");
  } else {
    await (wish.verb === "rewrap" ? start.startRewrap(deps) : start.startReseal(deps));
    say(`${wish.verb} has begun.`);
  }
  say("see how far it is with: npm run keys -- status");
};

const PHASES = {
  prepare: "a new root is being made; when every instance knows it (status says from when), switch.",
  switch: "the new root writes; documents are being indexed anew. When that is done, finish.",
  finish: "the old root is no longer looked for.",
} as const;

const show = async ({ deps, keks, keyStatus }: Backend, what: "status" | "cost", say: (line: string) => void) => {
  const status = await keyStatus(deps);
  const versions = await keks().list();
  for (const line of what === "status" ? showStatus(status, versions) : showCost(status, versions)) say(line);
};

const changeKek = async (
  { deps, keks }: Backend,
  { act, key, version = "", yes }: Extract<Wish, { verb: "kek" }>,
  say: (line: string) => void,
): Promise<void> => {
  if (act === "new") {
    say(
      `version ${String(await keks().renew(key))} of ${key} encrypts from now on. Within the hour, what older ones wrap is rewrapped.`,
    );
    return;
  }
  if (act === "destroy") await expectUnused(deps, { key, version: Number(version), yes });
  say(`version ${version} of ${key} is ${await keks().change(act, key, version)} now.`);
  if (act === "disable") say("what it wraps can be read again when it is enabled; until then, only what is in memory.");
  if (act === "restore") say("it is disabled: enable it, and rewrap what it wraps.");
};

/** A version may go when every key is wrapped by a later one. */
const expectUnused = async (
  { store, roots }: Start.StartDeps,
  { key, version, yes }: { key: string; version: number; yes: boolean },
): Promise<void> => {
  const below = version + 1;
  const [ring = "", location] = key.split("@");
  const tier = ring.toUpperCase() as "RED" | "AMBER" | "VAULT";
  const wrapped =
    ring === "index"
      ? (await roots.list()).filter(({ root }) => root.kek < below).length
      : await store.count({ by: "kek", class: location === undefined ? tier : `${tier}@${location}`, below });
  if (wrapped > 0)
    throw setupError(
      `${String(wrapped)} keys are wrapped by version ${String(version)} of ${key} or an earlier one: rewrap them first.`,
    );
  if (!yes) throw setupError("nothing is wrapped by it any more. To have it destroyed, say --yes.");
};
