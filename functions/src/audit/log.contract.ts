import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import type { EventType } from "../kernel/event.js";
import { systemRandom } from "../kernel/random.js";
import { HOUR } from "../kernel/time.js";
import { memoryPublisher } from "../platform/pubsub.js";
import { openCheckpoint } from "./checkpoint.js";
import { recordOf } from "./entry.js";
import { exportLog } from "./export-log.js";
import type { LogStore } from "./log-store.js";
import { appendLeaf, EMPTY_RANGE, leafHash, rootOf } from "./merkle-tree.js";
import { sequenceLog, type SequenceDeps } from "./sequence-log.js";
import type { Signer } from "./signed-statement.js";
import type { Spool } from "./spool.js";

const key = generateKeyPairSync("ed25519");
const publicKey = key.publicKey.export({ format: "pem", type: "spki" }).toString();
const signer: Signer = {
  sign: (bytes) => Promise.resolve({ signature: sign(null, bytes, key.privateKey), keyVersion: "test/1", publicKey }),
};

const type: EventType = { name: "test.done", class: "api-activity", activity: 1, severity: "low", message: "A test." };

interface Place {
  readonly spool: Spool;
  readonly store: LogStore;
}

/** What spool and store of the log must do together, whatever keeps them. `make` gives an empty pair. */
export const logContract = (name: string, make: () => Promise<Place>): void => {
  const world = (place: Place) => {
    let now = 1_000_000;
    const publisher = memoryPublisher();
    const deps: SequenceDeps = {
      ...place,
      publisher,
      signer,
      clock: () => now,
      random: systemRandom,
      log: () => undefined,
      origin: "firekeep/test",
    };
    const add = async (count: number, waiting = false) => {
      for (let index = 0; index < count; index += 1) {
        now += 1;
        const event = { type, outcome: "success", detail: { number: index } } as const;
        const { entry, message } = recordOf({ event, id: `e${String(now)}`, at: now });
        await place.spool.add({ entry, ...(waiting && { outbox: message }) });
      }
    };
    return { deps, publisher, add, pass: (ms: number) => (now += ms) };
  };

  /** The whole log is there once, in order, under a checkpoint that the key signed. */
  const expectSound = async ({ store }: Place, count: number) => {
    const entries = await store.range(0, count + 10);
    expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, index) => index));
    expect(new Set(entries.map(({ id }) => id)).size).toBe(count);
    const root = rootOf(entries.map(({ ocsf }) => leafHash(Buffer.from(ocsf))).reduce(appendLeaf, EMPTY_RANGE));
    const sealed = await store.checkpoint();
    const said = openCheckpoint(sealed?.note ?? "", publicKey);
    expect({ size: said?.size, root: said?.root.toString("hex") }).toEqual({ size: count, root: root.toString("hex") });
    expect(await store.unplaced(10)).toEqual([]);
  };

  describe(`the log in ${name}`, () => {
    test("gives entries places in the order of their time, batch after batch", async () => {
      const place = await make();
      const { deps, add } = world(place);
      await add(5);
      expect(await sequenceLog(deps)).toEqual({ placed: 5, busy: false });
      await add(4);
      expect(await sequenceLog(deps)).toEqual({ placed: 4, busy: false });
      await expectSound(place, 9);
      expect((await place.store.range(0, 9)).map(({ id }) => id)).toEqual(
        (await place.store.range(0, 9)).map(({ id }) => id).sort(),
      );
    });

    test("is left alone by a second sequencer while the first holds the lease, until that expires", async () => {
      const place = await make();
      const { deps, add, pass } = world(place);
      await add(2);
      await place.store.takeLease({ holder: "other", until: deps.clock() + HOUR }, deps.clock());
      expect(await sequenceLog(deps)).toEqual({ placed: 0, busy: true });
      pass(HOUR + 1);
      expect(await sequenceLog(deps)).toEqual({ placed: 2, busy: false });
    });

    test("gives no entry two places when two sequencers work on the same head", async () => {
      const place = await make();
      const { deps, add } = world(place);
      await add(6);
      const stale = await place.store.head();
      await sequenceLog(deps);
      const leaf = leafHash(Buffer.from("forged"));
      const moved = await place.store.advance(stale, appendLeaf(stale.range, leaf), [
        { id: "e1000001", index: 0, leaf: "x" },
      ]);
      expect(moved).toBe(false);
      await expectSound(place, 6);
    });

    test("publishes what waits in the outbox, and takes it off", async () => {
      const place = await make();
      const { deps, add, publisher } = world(place);
      await add(3, true);
      await sequenceLog(deps);
      expect(publisher.messages).toHaveLength(3);
      expect(await place.spool.unannounced(10)).toEqual([]);
    });

    test("survives the death of the sequencer before and after every single write", async () => {
      for (let death = 0; ; death += 1) {
        const place = await make();
        const { deps, add, publisher, pass } = world(place);
        await add(3, true);
        const mortal = mortals(death);
        const died = await sequenceLog({ ...deps, store: mortal.of(place.store), spool: mortal.of(place.spool) }).then(
          () => mortal.isDead(),
          () => true,
        );
        pass(HOUR);
        await add(2, true);
        await sequenceLog(deps);
        await expectSound(place, 5);
        expect(new Set(publisher.messages.map(({ message }) => (message as { id: string }).id)).size).toBe(5);
        if (!died) break;
      }
    });

    test("exports pages that join to one file under the checkpoint of the first", async () => {
      const place = await make();
      const { deps, add } = world(place);
      await add(7);
      const first = await exportLog(deps, { from: 0 });
      await add(3);
      await sequenceLog(deps);
      const rest = await exportLog(deps, { from: 4, size: first.size });
      expect(first.lines).toHaveLength(8);
      expect(rest.lines).toEqual(first.lines.slice(5));
      await expect(exportLog(deps, { from: 4, size: 99 })).rejects.toMatchObject({ code: "audit/range-unknown" });
    });
  });
};

const WRITES = new Set(["takeLease", "dropLease", "advance", "keepCheckpoint", "announced"]);

/**
 * Objects that share one life: it ends at the write number `death / 2`, before the write when `death` is even, after it
 * when odd. From then on every call fails, as in a process that was killed.
 */
const mortals = (death: number) => {
  let writes = 0;
  let dead = false;
  const die = (): Promise<never> => {
    dead = true;
    return Promise.reject(new Error("killed"));
  };
  return {
    isDead: () => dead,
    of: <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get:
          (target, name) =>
          async (...args: unknown[]) => {
            if (dead) return die();
            const run = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
            const isLast = WRITES.has(String(name)) && writes++ === Math.floor(death / 2);
            if (isLast && death % 2 === 0) return die();
            const result = await run(...args);
            return isLast ? die() : result;
          },
      }),
  };
};
