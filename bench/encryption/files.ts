import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import sodium from "libsodium-wrappers";
import type * as FloeStream from "../../functions/src/encryption/files/floe-stream.ts";
import { drawBars } from "../harness/bars.ts";
import { lessIsBetter, withGoal, type Metric } from "../harness/report.ts";
import { config, deployed } from "./ground.ts";
import { cpuMicroseconds, rounded, tell, type Subject } from "./measure.ts";
import { awsSdk } from "./peers/aws.ts";

const SIZE = 16 * 1_024 * 1_024;
const CHUNK = 64 * 1_024; // as a request or a bucket brings it
const { segmentBytes } = config.files;
const OURS = "Firekeep, FLOE";
const RAW = "node:crypto AES-256-GCM in one piece";

const { sealStream, openStream } = deployed("./encryption/files/floe-stream.js") as typeof FloeStream;

/** A file's own key and place, as encryption/files makes them. */
const use = () => ({
  key: randomBytes(32),
  associatedData: Buffer.from("file1 bench"),
  params: { segmentBytes: segmentBytes + 32 },
});
const random = { random: (size: number) => randomBytes(size) };

/**
 * A file of 16 MiB: FLOE in the segments of `config.files.segmentBytes`, streamed in chunks of 64 KiB; beside it AES-256-GCM
 * in one piece, which cannot be read from the middle, commits to nothing and holds the whole file; libsodium's secretstream in
 * chunks as long as our segments; and the AWS Encryption SDK in its frames.
 */
export const measureFiles = async (): Promise<Record<string, Metric>> => {
  tell("a file of 16 MiB, four ways");
  const plain = randomBytes(SIZE);
  const subjects = [
    ...rawSubjects(plain),
    ...(await ourSubjects(plain)),
    ...(await sodiumSubjects(plain)),
    ...(await awsSubjects(plain)),
  ];
  const cpu = await cpuMicroseconds(subjects, { rounds: 14, roundMicroseconds: 1 });
  const figure = (name: string): number => rounded((cpu.get(name) ?? NaN) / 1_000);
  const metrics: Record<string, Metric> = {};
  for (const [key, verb] of [
    ["file16MiB", "seal"],
    ["file16MiB.decrypt", "open"],
  ] as const) {
    const value = figure(`${verb} ${OURS}`);
    const beside = (peer: string): Metric =>
      lessIsBetter({ value, unit: "ms CPU", peer, peerValue: figure(`${verb} ${peer}`) });
    metrics[key] = withGoal(beside(RAW), { ratio: 0.7 });
    metrics[`${key}.vs.sodium`] = beside(SODIUM);
    metrics[`${key}.vs.aws`] = beside(AWS);
    const bars = [OURS, RAW, SODIUM, AWS].map((name) => ({
      name,
      value: figure(`${verb} ${name}`),
      ours: name === OURS,
    }));
    for (const line of drawBars(`${verb} 16 MiB`, "ms of CPU", bars)) process.stderr.write(`${line}\n`);
  }
  return { ...metrics, ...(await measureMemory()) };
};

const SODIUM = "libsodium-wrappers secretstream";
const AWS = "@aws-crypto/client-node, framed";

const rawSubjects = (plain: Buffer): Subject[] => {
  const [key, place] = [randomBytes(32), Buffer.from("file1 bench")];
  const seal = (): Buffer => {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(place);
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  const sealed = seal();
  const open = (): Buffer => {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12)).setAAD(place);
    decipher.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  };
  return [
    { name: `seal ${RAW}`, run: () => void seal() },
    { name: `open ${RAW}`, run: () => void open() },
  ];
};

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

const ourSubjects = async (plain: Buffer): Promise<Subject[]> => {
  const under = use();
  const drain = async (stream: AsyncIterable<Uint8Array>, size: number): Promise<void> => {
    let bytes = 0;
    for await (const piece of stream) bytes += piece.length;
    if (bytes < size) throw new Error("the file came out short");
  };
  const pieces: Buffer[] = [];
  for await (const piece of sealStream(random, under, chunksOf(plain))) pieces.push(piece);
  const sealed = Buffer.concat(pieces);
  return [
    { name: `seal ${OURS}`, run: () => drain(sealStream(random, under, chunksOf(plain)), SIZE) },
    { name: `open ${OURS}`, run: () => drain(openStream(under, chunksOf(sealed)), SIZE) },
  ];
};

const sodiumSubjects = async (plain: Buffer): Promise<Subject[]> => {
  await sodium.ready;
  const key = sodium.crypto_secretstream_xchacha20poly1305_keygen();
  const place = Buffer.from("file1 bench");
  const {
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE: message,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL: final,
  } = sodium;
  const seal = () => {
    const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < SIZE; at += segmentBytes) {
      const tag = at + segmentBytes >= SIZE ? final : message;
      chunks.push(
        sodium.crypto_secretstream_xchacha20poly1305_push(state, plain.subarray(at, at + segmentBytes), place, tag),
      );
    }
    return { header, chunks };
  };
  const sealed = seal();
  const open = (): void => {
    const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(sealed.header, key);
    for (const chunk of sealed.chunks)
      if (!sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk, place)) throw new Error("libsodium refused");
  };
  return [
    { name: `seal ${SODIUM}`, run: () => void seal() },
    { name: `open ${SODIUM}`, run: open },
  ];
};

const awsSubjects = async (plain: Buffer): Promise<Subject[]> => {
  const { seal, open } = awsSdk();
  const sealed = await seal(plain, "file1 bench");
  return [
    { name: `seal ${AWS}`, run: async () => void (await seal(plain, "file1 bench")) },
    { name: `open ${AWS}`, run: async () => void (await open(sealed)) },
  ];
};

/** The most that lives at once while a file streams through, with the chunk that its source brings, in segments. */
const measureMemory = async (): Promise<Record<string, Metric>> => {
  const under = use();
  const sealing = await peakBytes(freshChunks(), (source) => sealStream(random, under, source));
  const sealed: Uint8Array[] = [];
  for await (const piece of sealStream(random, under, freshChunks())) sealed.push(Buffer.from(piece));
  const opening = await peakBytes(freshCopies(sealed), (source) => openStream(under, source));
  // To a hundredth: the runtime has small buffers of its own among them.
  const inSegments = (bytes: number): number => Math.round((100 * bytes) / segmentBytes) / 100;
  const peer = "the whole file, twice";
  const beside = (value: number): Metric =>
    withGoal(lessIsBetter({ value, unit: "segments", peer, peerValue: inSegments(2 * SIZE) }), { atMost: 2 });
  return {
    "file16MiB.memorySegments": beside(inSegments(sealing)),
    "file16MiB.decrypt.memorySegments": beside(inSegments(opening)),
  };
};

/** New memory with every chunk, as a network brings it. */
function* freshChunks(): Generator<Uint8Array> {
  for (let at = 0; at < SIZE; at += CHUNK) yield Buffer.from(new Uint8Array(CHUNK).buffer);
}

function* freshCopies(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces) for (const chunk of chunksOf(piece)) yield Buffer.from(Uint8Array.from(chunk).buffer);
}

/** Looked at whenever a chunk comes in and whenever a piece goes out, after a collection of garbage. */
const peakBytes = async (
  chunks: Iterable<Uint8Array>,
  through: (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): Promise<number> => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  // What a buffer held is freed in the background, after its owner was collected: hence twice, with a turn between.
  const live = async (): Promise<number> => {
    collect();
    await setImmediate();
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = await live();
  let most = 0;
  const look = async (): Promise<void> => void (most = Math.max(most, (await live()) - before));
  async function* watched(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) {
      await look();
      yield chunk;
    }
  }
  for await (const piece of through(watched())) if (piece.length > 0) await look();
  return most;
};
