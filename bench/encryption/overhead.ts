import { randomBytes } from "node:crypto";
import { lessIsBetter, withGoal, type Metric } from "../harness/report.ts";
import { newUid, openGround } from "./ground.ts";
import type { Peer } from "./peers/peer.ts";

const TEXT = randomBytes(48).toString("base64url"); // 64 characters
const TYPE_TAG_BYTES = 1;

/**
 * What a stored token is longer than its value. A value's own encoding begins with its type, one byte, which peers leave to
 * the caller: `.stored` has it in.
 */
export const measureOverhead = async (peers: readonly [Peer, ...Peer[]]): Promise<Record<string, Metric>> => {
  const place = { text: "profiles/somebody|field", bytes: Buffer.from("profiles/somebody|field") };
  const added = new Map<string, number>();
  for (const { name, seal } of peers) added.set(name, (await seal(TEXT, place)).length - TEXT.length);
  const uid = newUid();
  const sealed = await openGround().seal({
    collection: "profiles",
    path: `profiles/${uid}`,
    subject: uid,
    values: { amber: TEXT, red: TEXT },
  });
  const tokens = sealed["_e"] as Record<"amber" | "red", Uint8Array>;
  const [amber, red] = [tokens.amber.length - TEXT.length, tokens.red.length - TEXT.length];
  const beside = (value: number, peer: Peer): Metric =>
    lessIsBetter({ value, unit: "B", peer: peer.name, peerValue: added.get(peer.name) ?? NaN });
  const committing = peers.find(({ commits }) => commits) ?? peers[0];
  return {
    overheadBytes: withGoal(beside(red - TYPE_TAG_BYTES, committing), { atMost: 77 }),
    "overheadBytes.stored": beside(red, committing),
    "overheadBytes.amber": beside(amber - TYPE_TAG_BYTES, peers[0]),
    ...Object.fromEntries(
      peers
        .filter(({ commits }) => !commits)
        .map((peer) => [`overheadBytes.vs.${peer.name.split(/[ ,]/)[0] ?? ""}`, beside(red - TYPE_TAG_BYTES, peer)]),
    ),
  };
};
