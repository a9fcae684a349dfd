import { randomBytes } from "node:crypto";
import { drawBars } from "../harness/bars.ts";
import { lessIsBetter, withGoal, type Metric } from "../harness/report.ts";
import { newUid, openGround } from "./ground.ts";
import { cpuMicroseconds, inTurn, inTurnSync, rounded, tell, type Effort, type Subject } from "./measure.ts";
import type { Peer, Sealed } from "./peers/peer.ts";

/** Different people, so that nothing is gained by seeing the same document again. */
const PEOPLE = 64;
const SIZES = [
  [64, "64B"],
  [1_024, "1KiB"],
  [65_536, "64KiB"],
] as const;
const KINDS = { encrypt: "seal", decrypt: "open" } as const;

/**
 * One field through the full API: data map, types, key look-up, associated data, token; keys are warm. Plain keys are AMBER
 * (XAES-256-GCM), `.committing` ones RED (KC-XAES-256-GCM). `.vs.` compares with a library.
 */
export const measureFields = async (peers: readonly [Peer, ...Peer[]]): Promise<Record<string, Metric>> => {
  const cpu = new Map<string, number>();
  for (const [size, label] of SIZES) {
    tell(`one field, ${label}`);
    const { near, far } = await subjectsOf(size, peers);
    for (const [name, figure] of await cpuMicroseconds(near)) cpu.set(name, figure);
    for (const [name, figure] of await cpuMicroseconds(far, FAR)) cpu.set(name, figure);
  }
  const figure = (name: string): number => rounded(cpu.get(name) ?? NaN);
  const metrics: Record<string, Metric> = {};
  for (const [size, label] of SIZES)
    for (const [kind, verb] of Object.entries(KINDS)) {
      const at = String(size);
      Object.assign(
        metrics,
        metricsOf(`${kind}${label}`, figure(`${verb} amber ${at}`), peers, (peer) => figure(`${verb} ${peer} ${at}`)),
      );
      Object.assign(
        metrics,
        metricsOf(`${kind}${label}.committing`, figure(`${verb} red ${at}`), peers, (peer) =>
          figure(`${verb} ${peer} ${at}`),
        ),
      );
      draw(`${kind} ${label}`, peers, (name) => figure(`${verb} ${name} ${at}`));
    }
  return metrics;
};

/** The goals, at 64 bytes and of the committing form: that of encrypting is the same for both. */
const GOALS: Readonly<Record<string, number>> = {
  encrypt64B: 1,
  "encrypt64B.committing": 1,
  decrypt64B: 0.64,
  "decrypt64B.committing": 0.64,
};

const metricsOf = (
  key: string,
  value: number,
  [raw, ...libraries]: readonly [Peer, ...Peer[]],
  figure: (peer: string) => number,
): Record<string, Metric> => {
  const beside = (peer: Peer) => lessIsBetter({ value, unit: "µs CPU", peer: peer.name, peerValue: figure(peer.name) });
  const goal = GOALS[key];
  return {
    [key]: goal === undefined ? beside(raw) : withGoal(beside(raw), { ratio: goal }),
    ...Object.fromEntries(libraries.map((peer) => [`${key}.vs.${shortName(peer)}`, beside(peer)])),
  };
};

/** `cloak`, `aws`, `jose`, `sodium`. */
const shortName = ({ name }: Peer): string => /cloak|aws|jose|sodium/.exec(name)?.[0] ?? name;

const draw = (title: string, peers: readonly Peer[], figure: (name: string) => number): void => {
  const bars = [
    { name: "Firekeep AMBER", value: figure("amber"), ours: true },
    { name: "Firekeep RED, committing", value: figure("red"), ours: true },
    ...peers.map(({ name }) => ({ name, value: figure(name) })),
  ];
  for (const line of drawBars(title, "µs of CPU", bars)) process.stderr.write(`${line}\n`);
};

/**
 * In turn with each other: `near`, what is held to a goal or costs about as much; `far`, what costs many times as much, whose
 * garbage would be swept at the expense of whoever comes next.
 */
const subjectsOf = async (size: number, peers: readonly Peer[]): Promise<{ near: Subject[]; far: Subject[] }> => {
  const text = randomBytes(size).toString("base64url").slice(0, size);
  const near = await ourSubjects(size, text);
  const far: Subject[] = [];
  for (const peer of peers) (NEAR.has(peer.name) ? near : far).push(...(await peerSubjects(peer, text)));
  return { near, far };
};

const NEAR: ReadonlySet<string> = new Set(["node:crypto AES-256-GCM", "@47ng/cloak"]);
const FAR: Effort = { rounds: 100, roundMicroseconds: 1_000 };

const ourSubjects = async (size: number, text: string): Promise<Subject[]> => {
  const { seal, open } = openGround();
  const people = Array.from({ length: PEOPLE }, newUid);
  const subjects: Subject[] = [];
  for (const field of ["amber", "red"]) {
    const writes = people.map((uid) => ({
      collection: "profiles",
      path: `profiles/${uid}`,
      subject: uid,
      values: { [field]: text },
    }));
    const reads = await Promise.all(writes.map(async (write) => ({ ...write, data: await seal(write) })));
    subjects.push({ name: `seal ${field} ${String(size)}`, run: inTurn(writes, seal) });
    subjects.push({ name: `open ${field} ${String(size)}`, run: inTurn(reads, open) });
  }
  return subjects;
};

const peerSubjects = async ({ name, seal, open }: Peer, text: string): Promise<Subject[]> => {
  const documents: { place: Place; sealed: Sealed }[] = [];
  for (let index = 0; index < PEOPLE; index += 1) {
    const place = placeOf(`profiles/${newUid()}|field`);
    documents.push({ place, sealed: await seal(text, place) });
  }
  const first = documents[0];
  if (first === undefined || (await open(first.sealed, first.place)) !== text) throw new Error(`${name} lost the text`);
  const isSync = !(seal(text, first.place) instanceof Promise);
  const turns = isSync ? inTurnSync : inTurn;
  return [
    { name: `seal ${name} ${String(text.length)}`, run: turns(documents, ({ place }) => seal(text, place)) },
    { name: `open ${name} ${String(text.length)}`, run: turns(documents, ({ place, sealed }) => open(sealed, place)) },
  ];
};

type Place = Parameters<Peer["seal"]>[1];

const placeOf = (text: string): Place => ({ text, bytes: Buffer.from(text) });
