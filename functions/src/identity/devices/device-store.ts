import { createHash } from "node:crypto";
import type { EpochMs } from "../../kernel/time.js";

/** The document `secDevices/{id}`: a key that one account trusts. Another account's trust in the same key is another document. */
export interface TrustedDevice {
  readonly uid: string;
  /** RFC 7638 thumbprint of the device key. */
  readonly jkt: string;
  readonly name: string;
  readonly browser: string;
  readonly os: string;
  readonly createdAt: EpochMs;
  readonly lastSeenAt: EpochMs;
  readonly expiresAt: EpochMs;
}

/** Trusted devices. An expired one is neither found nor listed. */
export interface DeviceStore {
  /** Trusts it, anew when it was trusted before. */
  put(device: TrustedDevice): Promise<void>;
  find(id: string, now: EpochMs): Promise<TrustedDevice | undefined>;
  /** Notes that it was seen; one that is gone by now stays gone. */
  touch(id: string, at: EpochMs): Promise<void>;
  /** Those of the account, the newest first. */
  list(uid: string, now: EpochMs): Promise<TrustedDevice[]>;
  /** False when the account trusts no such device. */
  remove(id: string, uid: string): Promise<boolean>;
  /** How many there were. */
  removeAll(uid: string): Promise<number>;
}

/** Made from account and key, so that one get finds it and no account can name another's. */
export const deviceId = (uid: string, jkt: string): string =>
  createHash("sha256").update(`${uid}\n${jkt}`).digest("base64url");

export const newestFirst = (a: TrustedDevice, b: TrustedDevice): number => b.createdAt - a.createdAt;

export const memoryDeviceStore = (): DeviceStore => {
  const devices = new Map<string, TrustedDevice>();
  const owned = (uid: string) => [...devices].filter(([, device]) => device.uid === uid);
  const live = (device: TrustedDevice | undefined, now: EpochMs) =>
    device !== undefined && now < device.expiresAt ? device : undefined;
  return {
    put: (device) => Promise.resolve(void devices.set(deviceId(device.uid, device.jkt), device)),
    find: (id, now) => Promise.resolve(live(devices.get(id), now)),
    touch: (id, lastSeenAt) => {
      const device = devices.get(id);
      if (device !== undefined) devices.set(id, { ...device, lastSeenAt });
      return Promise.resolve();
    },
    list: (uid, now) =>
      Promise.resolve(
        owned(uid)
          .flatMap(([, device]) => live(device, now) ?? [])
          .sort(newestFirst),
      ),
    remove: (id, uid) => Promise.resolve(devices.get(id)?.uid === uid && devices.delete(id)),
    removeAll: (uid) => Promise.resolve(owned(uid).filter(([id]) => devices.delete(id)).length),
  };
};
