import type { Firekeep } from "../src/index.ts";
import { createFiles } from "../src/files/index.ts";
import {
  createMasterKey,
  indexedDbKeyStore,
  lockWithPasskey,
  openText,
  recoverMasterKey,
  sealedFiles,
  sealText,
  type MasterKey,
} from "../src/sealed/index.ts";

const keys = indexedDbKeyStore();

/** Once for each person: show the recovery key, let them confirm that they have kept it. */
export const begin = async (uid: string, print: (recoveryKey: string) => Promise<void>): Promise<MasterKey> => {
  const { master, recoveryKey } = await createMasterKey();
  await print(recoveryKey);
  await keys.keep(uid, master);
  return master;
};

/** On a new device: a wrong key is told before anything is opened. `diary` is anything that was sealed under it. */
export const recover = async (uid: string, typed: string, diary: Uint8Array): Promise<MasterKey> => {
  const master = await recoverMasterKey(typed, diary.slice(1, 33));
  await keys.keep(uid, master);
  return master;
};

/** A passkey beside the recovery key, where the browser has `prf`. Store the lock anywhere. */
export const addPasskey = (uid: string, recoveryKey: string): Promise<Uint8Array> => lockWithPasskey(recoveryKey, uid);

/** A short text, as bytes of a document: `data.diary` of `profiles/{uid}`. */
export const sealDiary = (master: MasterKey, uid: string, text: string) => sealText(master, text, diaryOf(uid));
export const openDiary = (master: MasterKey, uid: string, sealed: Uint8Array) => openText(master, sealed, diaryOf(uid));
const diaryOf = (uid: string) => ({ purpose: "profiles.diary", owner: uid, name: uid });

/** Files, names and all, in a folder of the data map that takes `application/octet-stream`. */
export const vaultOf = (firekeep: Firekeep, baseUrl: string, master: MasterKey, uid: string) =>
  sealedFiles({ files: createFiles({ firekeep, baseUrl }), master, owner: uid }, { folder: "sealed", params: { uid } });

/** A new master key, such as after a device was lost: every file goes over to it, then the old key opens nothing. */
export const rotate = async (vault: ReturnType<typeof vaultOf>, print: (recoveryKey: string) => Promise<void>) => {
  const { master, recoveryKey } = await createMasterKey();
  await print(recoveryKey);
  const { files } = await vault.list();
  for (const entry of files) await vault.rewrap(entry, master);
  return master;
};
