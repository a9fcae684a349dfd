import { expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { makeBlindIndex } from "../indexes/blind-index.js";
import { settleTime } from "../indexes/settle-time.js";
import { classesOf } from "../keys/subject-keys.js";
import { openDocument } from "../tokens/open-document.js";
import { openSecretToken } from "../tokens/seal-secret.js";
import type { JobKind } from "./job.js";
import { bytesIn, KEPT, populate, rotationWorld, workOff, type RotationWorld, type Tap } from "./rotation.fixture.js";
import { moveIndex, rotateDataKeys, startRetire, startRewrap } from "./start-rotation.js";

const PEOPLE = 3;
const DEATHS = 50;
const SETTLE = settleTime(config.keys);

/** Up to where each kind's own work begins. */
const begin: Readonly<Record<JobKind, (world: RotationWorld) => Promise<unknown>>> = {
  rewrap: async (world) => {
    world.kmsState.rotate({ ring: "red", key: "fields" });
    world.kmsState.rotate({ ring: "index", key: "roots" });
    await startRewrap(world.instance());
  },
  reseal: (world) => rotateDataKeys(world.instance()),
  retire: async (world) => {
    await rotateDataKeys(world.instance());
    await workOff(world);
    world.time.now += KEPT;
    await startRetire(world.instance());
  },
  prepare: (world) => moveIndex(world.instance(), "prepare"),
  reindex: async (world) => {
    await moveIndex(world.instance(), "prepare");
    await workOff(world);
    world.time.now += SETTLE;
    await moveIndex(world.instance(), "switch");
  },
};

/** Everything that a later look can tell, without what is random. Throws when anything does not open. */
const endState = async (world: RotationWorld, uids: readonly string[]) => {
  world.time.now += 2 * SETTLE;
  const reader = world.instance();
  const found: unknown[] = [];
  for (const uid of uids) {
    const data = world.rows.get(`people/${uid}`)?.data ?? {};
    const only = ["email", "scan", "bio"];
    const profile = await openDocument(reader, { collection: "people", path: `people/${uid}`, data, only });
    const note = world.rows.get(`rooms/r1/notes/n-${uid}`)?.data ?? {};
    const opened = await openDocument(reader, { collection: "notes", path: `rooms/r1/notes/n-${uid}`, data: note });
    const [contact] = world.rows.get(`secContacts/${uid}`)?.data["contacts"] as { sealed: Uint8Array }[];
    const token = contact?.sealed ?? Buffer.alloc(0);
    const address = await openSecretToken(reader, { label: `identity.contact/${uid}-c`, subject: uid, token });
    const indexes = await makeBlindIndex(reader, { collection: "people", field: "email", value: `${uid}@example.com` });
    const isFound = indexes.some(
      (index) => Buffer.compare(index, bytesIn(data, "_b")["email"] ?? Buffer.alloc(0)) === 0,
    );
    const stored = (await world.store.find(uid)) ?? {};
    const keys = classesOf(stored).map((keyClass) => [
      keyClass,
      Object.entries(stored[keyClass] ?? {}).map(([version, { kek }]) => [version, kek]),
    ]);
    const read = JSON.stringify([profile, opened, Buffer.from(address).toString()]);
    found.push([read, data["_ek"], data["_bk"], note["_ek"], note["_bk"], token[4], isFound, keys]);
  }
  const { write, read } = await world.roots.state();
  return { found, write, read, roots: (await world.roots.list()).map(({ name, root }) => [name, root.kek]) };
};

/** An instance that dies at the operation with this number, and does nothing more after that. */
const mortal = (world: RotationWorld, life: { left: number; died: boolean }) => () => {
  let dead = false;
  const tap: Tap = (operation) => {
    life.left -= 1;
    if (!life.died && life.left <= 0) dead = life.died = true;
    if (dead) throw new Error(`died: ${operation}`);
    return Promise.resolve();
  };
  return world.instance(tap);
};

// A small generator of numbers from 0 to below 1 with a seed, so that a failure can be had again. Park and Miller.
const numbers = (seed: number) => {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
};

test.each(["rewrap", "reseal", "retire", "prepare", "reindex"] as const)(
  `a %s that dies at any of ${String(DEATHS)} places ends as if it had not, and everything can be read`,
  async (kind) => {
    const life = { left: Infinity, died: false };
    const run = async () => {
      const world = rotationWorld();
      const uids = await populate(world, PEOPLE);
      await begin[kind](world);
      await workOff(world, mortal(world, life));
      expect(await world.jobs.find(kind)).toMatchObject({ state: "done", troubles: {} });
      return endState(world, uids);
    };
    let operations = 0;
    const counting = rotationWorld();
    const uids = await populate(counting, PEOPLE);
    await begin[kind](counting);
    await workOff(counting, () =>
      counting.instance(() => {
        operations += 1;
        return Promise.resolve();
      }),
    );
    const expected = await endState(counting, uids);
    const random = numbers(20_261 + kind.length);
    for (let death = 0; death < DEATHS; death += 1) {
      Object.assign(life, { left: 1 + Math.floor(random() * operations), died: false });
      const at = life.left;
      const ended = await run();
      expect({ at, died: life.died, ...ended }).toEqual({ at, died: true, ...expected });
    }
  },
  30_000,
);
