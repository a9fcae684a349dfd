import type { DocumentData, Firestore } from "firebase-admin/firestore";
import { DAY } from "../../kernel/time.js";
import { lostRace } from "../../platform/lost-race.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { deviceId, newestFirst, type DeviceStore, type TrustedDevice } from "./device-store.js";

const DEVICES = "secDevices";

export const firestoreDeviceStore = (firestore: () => Firestore): DeviceStore => {
  const at = (id: string) => firestore().collection(DEVICES).doc(id);
  const owned = (uid: string) => firestore().collection(DEVICES).where("uid", "==", uid).get();
  return {
    put: async (device) => {
      // Deleted by TTL a day after its end, which is judged by `expiresAt`.
      const expireAt = adminFirestoreSdk().Timestamp.fromMillis(device.expiresAt + DAY);
      await at(deviceId(device.uid, device.jkt)).set({ ...device, expireAt });
    },
    find: async (id, now) => read((await at(id).get()).data(), now),
    touch: async (id, lastSeenAt) => {
      await at(id)
        .update({ lastSeenAt })
        .catch((error: unknown) => {
          if (!lostRace(error)) throw error;
        });
    },
    list: async (uid, now) => {
      const { docs } = await owned(uid);
      return docs.flatMap((each) => read(each.data(), now) ?? []).sort(newestFirst);
    },
    remove: async (id, uid) => {
      const snapshot = await at(id).get();
      if (snapshot.data()?.["uid"] !== uid) return false;
      await at(id).delete();
      return true;
    },
    removeAll: async (uid) => {
      const { docs } = await owned(uid);
      await Promise.all(docs.map((each) => each.ref.delete()));
      return docs.length;
    },
  };
};

const read = (row: DocumentData | undefined, now: number): TrustedDevice | undefined => {
  if (row === undefined) return undefined;
  const device = { ...row } as TrustedDevice & { expireAt?: unknown };
  delete device.expireAt;
  return now < device.expiresAt ? device : undefined;
};
