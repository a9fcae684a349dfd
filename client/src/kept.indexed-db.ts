const DATABASE = "firekeep-device";
const STORE = "kept";

/** One request in a transaction of its own, in what this origin keeps in IndexedDB: keys by name, never content. */
export const withKept = async <Value>(
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

/** What is kept at a key, undefined when nothing is. */
export const readKept = <Value>(key: string): Promise<Value | undefined> =>
  withKept("readonly", (store) => store.get(key) as IDBRequest<Value | undefined>);

/** Replaces what is kept at a key; undefined forgets it. */
export const writeKept = async (key: string, value: unknown): Promise<void> => {
  await withKept(
    "readwrite",
    (store) => (value === undefined ? store.delete(key) : store.put(value, key)) as IDBRequest<unknown>,
  );
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
