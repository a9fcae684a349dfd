import { describe, expect, test } from "@jest/globals";
import { randomId, systemRandom } from "../../kernel/random.js";
import { NOW } from "../identity.fixture.js";
import { deviceId, type DeviceStore, type TrustedDevice } from "./device-store.js";

const fresh = (): string => randomId(systemRandom);

export const trustedDevice = (over: Partial<TrustedDevice> = {}): TrustedDevice => ({
  uid: "ann",
  jkt: "key-1",
  name: "Ann's laptop",
  browser: "Firefox",
  os: "Linux",
  createdAt: NOW,
  lastSeenAt: NOW,
  expiresAt: NOW + 1_000,
  ...over,
});

/** What every store of trusted devices must do. */
export const deviceStoreContract = (name: string, store: () => DeviceStore): void => {
  describe(`trusted devices (${name})`, () => {
    test("are found by account and key, and by no other of the two", async () => {
      const [uid, jkt] = [fresh(), fresh()];
      const device = trustedDevice({ uid, jkt });
      await store().put(device);
      expect(await store().find(deviceId(uid, jkt), NOW)).toEqual(device);
      expect(await store().find(deviceId(fresh(), jkt), NOW)).toBeUndefined();
      expect(await store().find(deviceId(uid, fresh()), NOW)).toBeUndefined();
    });

    test("are gone at the moment their time is over", async () => {
      const uid = fresh();
      await store().put(trustedDevice({ uid }));
      expect(await store().find(deviceId(uid, "key-1"), NOW + 999)).toBeDefined();
      expect(await store().find(deviceId(uid, "key-1"), NOW + 1_000)).toBeUndefined();
      expect(await store().list(uid, NOW + 1_000)).toEqual([]);
    });

    test("are trusted anew under the same id", async () => {
      const uid = fresh();
      await store().put(trustedDevice({ uid }));
      await store().put(trustedDevice({ uid, expiresAt: NOW + 5_000, name: "Renamed" }));
      expect(await store().list(uid, NOW + 2_000)).toEqual([
        trustedDevice({ uid, expiresAt: NOW + 5_000, name: "Renamed" }),
      ]);
    });

    test("note when they were seen; one that is gone stays gone", async () => {
      const uid = fresh();
      const id = deviceId(uid, "key-1");
      await store().put(trustedDevice({ uid }));
      await store().touch(id, NOW + 7);
      expect(await store().find(id, NOW)).toMatchObject({ lastSeenAt: NOW + 7, createdAt: NOW });
      await store().remove(id, uid);
      await store().touch(id, NOW + 8);
      expect(await store().find(id, NOW)).toBeUndefined();
    });

    test("are listed by account, the newest first, and removed by their owner only", async () => {
      const [ann, eve] = [fresh(), fresh()];
      await store().put(trustedDevice({ uid: ann, jkt: "a" }));
      await store().put(trustedDevice({ uid: ann, jkt: "b", createdAt: NOW + 1 }));
      await store().put(trustedDevice({ uid: eve, jkt: "a" }));
      expect((await store().list(ann, NOW)).map(({ jkt }) => jkt)).toEqual(["b", "a"]);
      expect(await store().remove(deviceId(ann, "a"), eve)).toBe(false);
      expect(await store().remove(deviceId(ann, "a"), ann)).toBe(true);
      expect(await store().remove(deviceId(ann, "a"), ann)).toBe(false);
      await store().put(trustedDevice({ uid: ann, jkt: "c" }));
      expect(await store().removeAll(ann)).toBe(2);
      expect(await store().list(ann, NOW)).toEqual([]);
      expect(await store().list(eve, NOW)).toHaveLength(1);
    });
  });
};
