import { expect, test } from "@jest/globals";
import { caller, identity, NOW, storedSession } from "../identity.fixture.js";
import { listSignIns } from "./list-sign-ins.js";

const decision = (over: object) => ({
  id: "decision-1",
  uid: "ann",
  time: NOW,
  action: "allow" as const,
  probability: 0.1,
  logOdds: -2,
  learning: false,
  degraded: [],
  contributions: [
    { name: "new-device", points: 1, says: "…" },
    { name: "base-rate", points: -5, says: "…" },
  ],
  country: "DE",
  asn: 3320,
  asnName: "DTAG",
  device: "Firefox / Linux",
  networkPrefix: "203.0.113.0/24",
  ...over,
});

test("recent sign-ins: the caller's own, with outcome, reasons, and the session while it lives", async () => {
  const { deps, decisions } = identity();
  const build = () => storedSession({ sid: "live", decisionId: "decision-1" });
  await deps.sessions.start({ uid: "ann", sid: "live", signedInAt: NOW, at: NOW, build });
  decisions.push(decision({}), decision({ id: "d2", action: "block" }), decision({ uid: "bob", id: "d3" }));
  const { signIns } = await listSignIns(deps, caller(), 10);
  const place = { country: "DE", network: "DTAG", networkPrefix: "203.0.113.0/24", device: "Firefox / Linux" };
  expect(signIns).toEqual([
    { at: NOW, ...place, outcome: "allowed", reasons: [], sid: "live" },
    { at: NOW, ...place, outcome: "refused", reasons: ["new-device"], sid: null },
  ]);
  expect((await listSignIns(deps, caller(), 1)).signIns).toHaveLength(1);
});
