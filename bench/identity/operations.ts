import { startSuite } from "../../dev/suite/index.ts";
import type { Metric } from "../harness/report.ts";
import { openGround, type Ground, type Operations } from "./ground.ts";

/** What a kind of call may cost, in Firestore reads and writes: the design's own table. */
const BUDGET = {
  /** Fifty calls in ten seconds on a warm instance, the gate alone: mean. A gate that looks all up makes three reads a call. */
  ordinary: { reads: 3, writes: 0, peer: "reckoned, not run: session, account, roles" },
  strict: { reads: 1, writes: 0, peer: "the design's budget" },
  sensitive: { reads: 1, writes: 1, peer: "the design's budget" },
  "totp-verify": { reads: 2, writes: 2, peer: "the design's budget" },
  "backup-verify": { reads: 2, writes: 2, peer: "the design's budget" },
  "passkey-begin": { reads: 1, writes: 1, peer: "the design's budget" },
  "passkey-finish": { reads: 3, writes: 3, peer: "the design's budget" },
  "session-start": { reads: 2, writes: 2, peer: "the design's budget" },
} as const;

type Kind = keyof typeof BUDGET;

/**
 * Reads and writes of each kind of call, counted where the client library speaks to Firestore. Without the limiter's own
 * document (one read, one write where a limit is shared) and the audit log's, which are counted beside.
 */
export const countOperations = async (): Promise<Record<string, Metric>> => {
  const suite = await startSuite({ reuse: true });
  try {
    Object.assign(process.env, suite.env);
    return metricsOf(await quietly(() => measure(openGround())));
  } finally {
    await suite.stop();
  }
};

/** Without the log lines of the functions, which run in this process. */
const quietly = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write.bind(stream) }));
  for (const { stream, write } of streams)
    stream.write = (chunk: string | Uint8Array) => chunk.toString().startsWith('{"severity"') || write(chunk);
  try {
    return await work();
  } finally {
    for (const { stream, write } of streams) stream.write = write;
  }
};

const measure = async (ground: Ground): Promise<Readonly<Record<Kind, Operations>>> => {
  const { person, count } = ground;
  const ann = await person();
  const start = await count(() => ann.start());
  const secret = await ann.enrolTotp();
  const ordinary = await count(() => ann.pass("session-list", 50));
  return {
    "session-start": start,
    ordinary: { reads: ordinary.reads / 50, writes: ordinary.writes / 50, beside: ordinary.beside / 50 },
    strict: await count(() => ann.pass("security-read", 1)),
    sensitive: await count(() => ann.pass("session-revokeothers", 1)),
    "totp-verify": await count(() => ann.verifyTotp(secret)),
    "backup-verify": await count(() => ann.verifyBackupCode()),
    ...(await measurePasskey(ground)),
  };
};

const measurePasskey = async ({ person, count }: Ground) => {
  const ben = await person();
  await ben.start();
  await ben.enrolPasskey();
  let begun: Awaited<ReturnType<typeof ben.beginPasskey>> | undefined;
  const begin = await count(async () => {
    begun = await ben.beginPasskey();
  });
  if (begun === undefined) throw new Error("no challenge came");
  const asked = begun;
  return { "passkey-begin": begin, "passkey-finish": await count(() => ben.finishPasskey(asked)) };
};

const metricsOf = (counted: Readonly<Record<Kind, Operations>>): Record<string, Metric> =>
  Object.fromEntries(
    (Object.keys(BUDGET) as Kind[]).flatMap((kind) => {
      const { reads, writes, peer } = BUDGET[kind];
      const { beside } = counted[kind];
      return [
        [`${kind}.reads`, figure(counted[kind].reads, reads, "reads", peer)],
        [`${kind}.writes`, figure(counted[kind].writes, writes, "writes", peer)],
        [`${kind}.beside`, figure(beside, 0, "limiter and audit", "a call without them")],
      ];
    }),
  );

// A ratio of nothing to nothing is 1; below a twentieth of an operation a call, more is not better.
const figure = (value: number, peerValue: number, unit: string, peer: string): Metric => ({
  value,
  unit,
  peer,
  peerValue,
  ratio: Math.max(peerValue, 0.05) / Math.max(value, 0.05),
});
