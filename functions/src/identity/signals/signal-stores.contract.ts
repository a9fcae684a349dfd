import { describe, expect, test } from "@jest/globals";
import { randomId, systemRandom } from "../../kernel/random.js";
import { NOW } from "../identity.fixture.js";
import type { Receiver, ReceiverStore } from "./receiver-store.js";
import type { Signal, SignalStore } from "./signal-store.js";

const claims = { iss: "https://i", jti: "j", iat: 1, aud: "a", events: {} };

export const signalStoreContract = (name: string, store: () => SignalStore): void => {
  const put = async () => {
    const id = randomId(systemRandom);
    const signal: Signal = { id, receiver: "r", uid: "ann", claims, state: "pending", attempts: 0, createdAt: NOW };
    await store().add(signal);
    return signal;
  };

  describe(`a signal (${name})`, () => {
    test("is found as it was added, and added once", async () => {
      const signal = await put();
      await store().add({ ...signal, attempts: 7 });
      expect(await store().find(signal.id)).toEqual(signal);
      expect(await store().find(randomId(systemRandom))).toBeUndefined();
    });

    test("keeps its claims while it is tried again, and none when it is settled", async () => {
      const { id } = await put();
      await store().settle(id, { state: "pending", attempts: 1 });
      expect(await store().find(id)).toMatchObject({ state: "pending", attempts: 1, claims });
      await store().settle(id, { state: "delivered", attempts: 2 });
      expect(await store().find(id)).toMatchObject({ state: "delivered", attempts: 2, claims: {} });
    });
  });
};

export const receiverStoreContract = (name: string, store: () => ReceiverStore): void => {
  const made = (createdAt: number): Receiver => ({
    id: randomId(systemRandom),
    url: "https://receiver.example.org/events",
    audience: "https://receiver.example.org",
    events: ["session-revoked"],
    authorization: Uint8Array.from([1, 2, 3]),
    createdAt,
    createdBy: "op",
  });

  describe(`a receiver (${name})`, () => {
    test("is found and listed, the oldest first, until it is removed, once", async () => {
      const [late, early] = [made(NOW + 1), made(NOW)];
      await store().add(late);
      await store().add(early);
      const ids = (await store().list()).map(({ id }) => id).filter((id) => [late.id, early.id].includes(id));
      expect(ids).toEqual([early.id, late.id]);
      const found = await store().find(early.id);
      expect(Uint8Array.from(found?.authorization ?? [])).toEqual(early.authorization);
      expect(await store().remove(early.id)).toBe(true);
      expect(await store().remove(early.id)).toBe(false);
      expect(await store().find(early.id)).toBeUndefined();
    });
  });
};
