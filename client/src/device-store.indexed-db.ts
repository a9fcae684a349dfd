import { oneAtATime, type DeviceStore, type KeptSecret } from "./device-store.ts";

const DATABASE = "firekeep-device";
const STORE = "kept";

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
    findKey: () => withStore("readonly", (store) => store.get(keyAt) as IDBRequest<CryptoKeyPair | undefined>),
    keepKey: async (fresh) => {
      // add() refuses where there is one already: two tabs that make a key at once end with the same.
      await withStore("readwrite", (store) => store.add(fresh, keyAt)).catch(ignoreTaken);
      const kept = await withStore("readonly", (store) => store.get(keyAt) as IDBRequest<CryptoKeyPair | undefined>);
      return kept ?? fresh;
    },
    findSecret: () => withStore("readonly", (store) => store.get(secretAt) as IDBRequest<KeptSecret | undefined>),
    keepSecret: async (secret) => {
      await withStore(
        "readwrite",
        (store) => (secret === undefined ? store.delete(secretAt) : store.put(secret, secretAt)) as IDBRequest<unknown>,
      );
    },
    alone: async <Result>(work: () => Promise<Result>): Promise<Result> =>
      "locks" in navigator ? navigator.locks.request(`${DATABASE} ${name}`, () => work()) : queue(work),
  };
};

const ignoreTaken = (error: unknown): undefined => {
  if ((error as DOMException).name !== "ConstraintError") throw error;
};

const withStore = async <Value>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest<Value>,
): Promise<Value> => {
  const database = await (open ??= openDatabase());
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const request = use(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? request.error ?? new Error("the device store gave up"));
  });
};

let open: Promise<IDBDatabase> | undefined;

const openDatabase = (): Promise<IDBDatabase> =>
  new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onerror = () => reject(request.error ?? new Error("the device store does not open"));
    request.onsuccess = () => {
      // Another tab with a newer version, or cleared site data, must not be held up by this one.
      request.result.onversionchange = () => {
        request.result.close();
        open = undefined;
      };
      request.result.onclose = () => (open = undefined);
      resolve(request.result);
    };
  }).catch((error: unknown) => {
    open = undefined;
    throw error;
  });
