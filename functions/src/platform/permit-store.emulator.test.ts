import { afterAll, expect, test } from "@jest/globals";
import { MINUTE } from "../kernel/time.js";
import { emulatedFirestore } from "./emulator.fixture.js";
import { firestorePermitStore } from "./permit-store.firestore.js";

const { firestore, close } = emulatedFirestore("permits");
afterAll(close);

test("of twenty instances that race for five permits, at most five get one", async () => {
  const permits = firestorePermitStore(() => firestore);
  const key = `race-${String(Date.now())}`;
  const verdicts = await Promise.all(
    Array.from({ length: 20 }, () => permits.take(key, { permits: 5, perMs: MINUTE }, 0)),
  );
  const granted = verdicts.filter((verdict) => verdict.ok).length;
  expect(granted).toBeGreaterThan(0);
  expect(granted).toBeLessThanOrEqual(5);
});
