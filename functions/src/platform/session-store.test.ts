import { expect, test } from "@jest/globals";
import type { Firestore } from "firebase-admin/firestore";
import { firestoreSessionReader } from "./session-store.firestore.js";

/** A Firestore whose only session can be read, and whose writes fail with this google.rpc.Code. */
const failing = (code: number) => () =>
  ({
    collection: () => ({
      doc: () => ({
        get: () => Promise.resolve({ data: () => ({ uid: "ann" }), updateTime: {} }),
        update: () => Promise.reject(Object.assign(new Error("refused"), { code })),
      }),
    }),
  }) as unknown as Firestore;

test("a heartbeat that loses against a revocation is no failure", async () => {
  await expect(firestoreSessionReader(failing(9)).touch("sid", 1, 2)).resolves.toBeUndefined();
});

test("a heartbeat that cannot be written is not passed over in silence", async () => {
  await expect(firestoreSessionReader(failing(14)).touch("sid", 1, 2)).rejects.toMatchObject({ code: 14 });
});
