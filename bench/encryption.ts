import { randomBytes } from "node:crypto";
import { decryptStringSync, encryptStringSync, generateKey, parseKeySync } from "@47ng/cloak";
import { openGround } from "./encryption/ground.ts";
import { cpuMicroseconds, type Subject } from "./encryption/measure.ts";
import { rawDecrypt, rawEncrypt } from "./encryption/raw.ts";
import { lessIsBetter, type Metric, type Report } from "./harness/report.ts";

/** Different people, so that nothing is gained by seeing the same document again. */
const PEOPLE = 64;
const RAW = "node:crypto AES-256-GCM";
const CLOAK = "@47ng/cloak";

/**
 * Sealing and opening a one-field document through the full API: data map, types, key look-up, associated data, token.
 * Plain keys are AMBER (XAES-256-GCM), `.committing` ones RED (KC-XAES-256-GCM). `.vs.` compares with a library for field
 * encryption, which has no associated data and no keys per person. Keys are warm.
 */
export const run = async (): Promise<Report> => {
  const subjects = (await Promise.all([64, 1_024].map(subjectsOf))).flat();
  const cpu = await cpuMicroseconds(subjects);
  const metrics: Record<string, Metric> = {};
  for (const [key, [ours, raw, cloak]] of Object.entries(FIGURES)) {
    const value = figure(cpu, ours);
    metrics[key] = lessIsBetter({ value, unit: "µs CPU", peer: RAW, peerValue: figure(cpu, raw) });
    metrics[`${key}.vs.cloak`] = lessIsBetter({ value, unit: "µs CPU", peer: CLOAK, peerValue: figure(cpu, cloak) });
  }
  return { name: "encryption", metrics };
};

/** Metric: ours, raw, library. */
const FIGURES = {
  encrypt64B: ["seal amber 64", "raw encrypt 64", "cloak encrypt 64"],
  decrypt64B: ["open amber 64", "raw decrypt 64", "cloak decrypt 64"],
  encrypt1KiB: ["seal amber 1024", "raw encrypt 1024", "cloak encrypt 1024"],
  decrypt1KiB: ["open amber 1024", "raw decrypt 1024", "cloak decrypt 1024"],
  "encrypt64B.committing": ["seal red 64", "raw encrypt 64", "cloak encrypt 64"],
  "decrypt64B.committing": ["open red 64", "raw decrypt 64", "cloak decrypt 64"],
} as const satisfies Record<string, readonly [string, string, string]>;

const figure = (cpu: ReadonlyMap<string, number>, name: string): number =>
  Math.round((cpu.get(name) ?? NaN) * 100) / 100;

const subjectsOf = async (size: number): Promise<Subject[]> => {
  const text = randomBytes(size).toString("base64url").slice(0, size);
  const [ours, peers] = [await ourSubjects(size, text), peerSubjects(size, text)];
  return [...ours, ...peers];
};

const ourSubjects = async (size: number, text: string): Promise<Subject[]> => {
  const { seal, open } = openGround();
  const people = Array.from({ length: PEOPLE }, () => randomBytes(21).toString("base64url"));
  const subjects: Subject[] = [];
  for (const field of ["amber", "red"]) {
    const writes = people.map((uid) => ({
      collection: "profiles",
      path: `profiles/${uid}`,
      subject: uid,
      values: { [field]: text },
    }));
    const reads = await Promise.all(writes.map(async (write) => ({ ...write, data: await seal(write) })));
    subjects.push({ name: `seal ${field} ${String(size)}`, run: forEach(writes, seal) });
    subjects.push({ name: `open ${field} ${String(size)}`, run: forEach(reads, open) });
  }
  return subjects;
};

const forEach =
  <Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>) =>
  async (times: number): Promise<void> => {
    for (let index = 0; index < times; index += 1) {
      const item = items[index % items.length];
      if (item !== undefined) await work(item);
    }
  };

const peerSubjects = (size: number, text: string): Subject[] => {
  const key = randomBytes(32);
  const cloakKey = parseKeySync(generateKey());
  const documents = Array.from({ length: PEOPLE }, () => {
    const associatedData = Buffer.from(`profiles/${randomBytes(21).toString("base64url")}|field`);
    return {
      associatedData,
      sealed: rawEncrypt(key, text, associatedData),
      cloaked: encryptStringSync(text, cloakKey),
    };
  });
  return [
    {
      name: `raw encrypt ${String(size)}`,
      run: each(documents, ({ associatedData }) => rawEncrypt(key, text, associatedData)),
    },
    {
      name: `raw decrypt ${String(size)}`,
      run: each(documents, ({ sealed, associatedData }) => rawDecrypt(key, sealed, associatedData)),
    },
    { name: `cloak encrypt ${String(size)}`, run: each(documents, () => encryptStringSync(text, cloakKey)) },
    {
      name: `cloak decrypt ${String(size)}`,
      run: each(documents, ({ cloaked }) => decryptStringSync(cloaked, cloakKey)),
    },
  ];
};

const each =
  <Item>(items: readonly Item[], work: (item: Item) => unknown) =>
  (times: number): void => {
    for (let index = 0; index < times; index += 1) {
      const item = items[index % items.length];
      if (item !== undefined) work(item);
    }
  };
