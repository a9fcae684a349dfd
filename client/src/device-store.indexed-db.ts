import { oneAtATime, type DeviceStore, type KeptSecret } from "./device-store.ts";
import { readKept, withKept, writeKept } from "./kept.indexed-db.ts";

/**
 * In IndexedDB, which keeps a key without its bytes ever being readable. `name` tells apps of one origin apart.
 *
 * @throws DOMException when the browser lets this page keep nothing
 */
export const indexedDbDeviceStore = (name: string): DeviceStore => {
  const keyAt = `key ${name}`;
  const secretAt = `secret ${name}`;
  const queue = oneAtATime();
  return {
    findKey: () => readKept<CryptoKeyPair>(keyAt),
    keepKey: async (fresh) => {
      // add() refuses where there is one already: two tabs that make a key at once end with the same.
      await withKept("readwrite", (store) => store.add(fresh, keyAt)).catch(ignoreTaken);
      return (await readKept<CryptoKeyPair>(keyAt)) ?? fresh;
    },
    findSecret: () => readKept<KeptSecret>(secretAt),
    keepSecret: (secret) => writeKept(secretAt, secret),
    alone: async <Result>(work: () => Promise<Result>): Promise<Result> =>
      "locks" in navigator ? navigator.locks.request(`firekeep-device ${name}`, () => work()) : queue(work),
  };
};

const ignoreTaken = (error: unknown): undefined => {
  if ((error as DOMException).name !== "ConstraintError") throw error;
};
