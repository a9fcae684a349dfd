import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "@jest/globals";
import { emulatedFirestore } from "../platform/emulator.fixture.js";
import type { RiskDecision } from "./decision-store.js";
import { firestoreDecisionStore } from "./decision-store.firestore.js";
import { firestoreProfileStore } from "./profile-store.firestore.js";
import { profileStoreContract } from "./profile-store.contract.js";
import { firestoreSeenStore, firestoreWindowStore } from "./window-store.firestore.js";
import { windowStoreContract } from "./window-store.contract.js";

const { firestore, close } = emulatedFirestore("detection");
afterAll(close);

describe("windows in Firestore", () => {
  windowStoreContract(() => ({
    windows: firestoreWindowStore(() => firestore),
    seen: firestoreSeenStore(() => firestore),
    id: randomUUID,
  }));

  test("expire", async () => {
    const id = randomUUID();
    await firestoreWindowStore(() => firestore).count(
      id,
      "rule",
      { id: "e", at: 0 },
      { kind: "event_count", groupBy: ["subject"], timespanMs: 60_000, gte: 5 },
    );
    const document = await firestore.collection("detectionWindows").doc(id).get();
    expect((document.get("expireAt") as { toMillis(): number }).toMillis()).toBe(60_000 + 3_600_000);
  });
});

describe("profiles in Firestore", () => {
  profileStoreContract(() => ({ profiles: firestoreProfileStore(() => firestore), uid: randomUUID }));
});

const decision = (over: Partial<RiskDecision>): RiskDecision => ({
  id: "",
  uid: "u1",
  time: 1_000,
  action: "allow",
  probability: 0.1,
  logOdds: -2,
  learning: true,
  degraded: [],
  contributions: [{ name: "base-rate", points: -2, says: "Most sign-ins are genuine" }],
  country: "NO",
  asn: 2119,
  asnName: "Telenor",
  device: "Chrome / Windows",
  networkPrefix: "193.213.112.0/24",
  ...over,
});

test("a decision is kept under its id with the time it expires", async () => {
  const id = randomUUID();
  await firestoreDecisionStore(() => firestore).add(decision({ id }));
  const document = await firestore.collection("riskDecisions").doc(id).get();
  expect(document.data()).toMatchObject({ uid: "u1", action: "allow", contributions: [{ name: "base-rate" }] });
  expect(document.get("expireAt")).toBeDefined();
});

test("an account's decisions are listed, the newest first, and nobody else's", async () => {
  const store = firestoreDecisionStore(() => firestore);
  const [uid, other] = [randomUUID(), randomUUID()];
  const own = [1_000, 3_000, 2_000].map((time) => decision({ id: randomUUID(), uid, time }));
  for (const each of [...own, decision({ id: randomUUID(), uid: other, time: 9_000 })]) await store.add(each);
  expect(await store.list(uid, 2)).toEqual([own[1], own[2]]);
});
