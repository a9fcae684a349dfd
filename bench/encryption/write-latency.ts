import { localKmsClient } from "../../dev/kms/client.ts";
import { startLocalKms } from "../../dev/kms/index.ts";
import { lessIsBetter, median, withGoal, type Metric } from "../harness/report.ts";
import type * as KmsClient from "../../functions/src/platform/kms-client.ts";
import { config, deployed, newUid, openGround, TEN } from "./ground.ts";
import { rounded, tell } from "./measure.ts";

const LATENCY_MS = 20;
const PROJECT = "demo-bench";
const LOCATION = "europe-west1";

/**
 * What encryption adds to a write of ten fields while KMS takes 20 ms: the local KMS, asked by the official client over gRPC.
 * `warm`: the person's key is in memory. `cold`: it has to be made first. Beside it, one KMS call a field, in parallel or one
 * after the other.
 */
export const measureWriteLatency = async (): Promise<Record<string, Metric>> => {
  tell(`ten-field writes while KMS takes ${String(LATENCY_MS)} ms`);
  Object.assign(process.env, { GCLOUD_PROJECT: PROJECT, FIREKEEP_KMS_LOCATION: LOCATION });
  const { cloudKms } = deployed("./platform/kms-client.js") as typeof KmsClient;
  const server = await startLocalKms();
  server.seed({ project: PROJECT, location: LOCATION });
  const client = localKmsClient(server);
  try {
    const kms = cloudKms(config.kms, () => client);
    const { seal } = openGround({ kms });
    await seal(documentOf(newUid())); // connects
    server.control.setLatency(LATENCY_MS);
    const cold = await medianMs(15, () => seal(documentOf(newUid())));
    const known = documentOf(newUid());
    await seal(known);
    const warm = await medianMs(2_000, () => seal(known));
    const key = {
      ring: "red",
      key: "fields",
      plaintext: Buffer.alloc(64),
      associatedData: Buffer.from("tens"),
    } as const;
    const parallel = await medianMs(15, () => Promise.all(TEN.map(() => kms.encrypt(key))));
    const serial = await medianMs(3, async () => {
      for (const name of TEN) await kms.encrypt({ ...key, associatedData: Buffer.from(name) });
    });
    const beside = (value: number, how: string, peerValue: number): Metric =>
      lessIsBetter({ value: rounded(value), unit: "ms", peer: `ten KMS calls ${how}`, peerValue: rounded(peerValue) });
    return {
      warmWriteMs: withGoal(beside(warm, "in parallel", parallel), { atMost: 0.1 }),
      "warmWriteMs.vs.serial": beside(warm, "one by one", serial),
      coldWriteMs: beside(cold, "in parallel", parallel),
    };
  } finally {
    await client.close();
    await server.stop();
  }
};

const documentOf = (uid: string) => ({
  collection: "tens",
  path: `tens/${uid}`,
  subject: uid,
  values: Object.fromEntries(
    TEN.map((name) => [name, "sixty-four bytes are a usual length of what people write in a field"]),
  ),
});

const medianMs = async (times: number, work: () => Promise<unknown>): Promise<number> => {
  const taken: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const start = performance.now();
    await work();
    taken.push(performance.now() - start);
  }
  return median(taken);
};
