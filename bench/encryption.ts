import { measureBlindIndex } from "./encryption/blind-index.ts";
import { measureFields } from "./encryption/fields.ts";
import { measureFiles } from "./encryption/files.ts";
import { measureKmsCalls, measureStampede } from "./encryption/kms-calls.ts";
import { measureOverhead } from "./encryption/overhead.ts";
import { awsPeer } from "./encryption/peers/aws.ts";
import { cloakPeer } from "./encryption/peers/cloak.ts";
import { josePeer } from "./encryption/peers/jose.ts";
import type { Peer } from "./encryption/peers/peer.ts";
import { rawPeer } from "./encryption/peers/raw.ts";
import { sodiumPeer } from "./encryption/peers/sodium.ts";
import { measureRotation } from "./encryption/rotation.ts";
import { measureWriteLatency } from "./encryption/write-latency.ts";
import type { Report } from "./harness/report.ts";

/**
 * What encryption costs, beside node:crypto by hand and the libraries that people would use instead, all in this one process
 * and in turn: fields of three sizes, files, KMS calls, latency of writes, blind indexes, rotation, bytes.
 */
export const run = async (): Promise<Report> => {
  const peers: readonly [Peer, ...Peer[]] = [rawPeer(), cloakPeer(), awsPeer(), josePeer(), await sodiumPeer()];
  return {
    name: "encryption",
    metrics: {
      ...(await measureFields(peers)),
      ...(await measureOverhead(peers)),
      ...(await measureKmsCalls()),
      ...(await measureStampede()),
      ...(await measureWriteLatency()),
      ...(await measureBlindIndex()),
      ...(await measureFiles()),
      ...(await measureRotation()),
    },
  };
};
