import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { CryptoKey, KeyRing, KeyState } from "./store.ts";

const FORMAT = 1;

interface KeyFile {
  readonly format: typeof FORMAT;
  readonly rings: readonly KeyRing[];
  readonly keys: readonly CryptoKey[];
}

/** What was read, and which revision of the file it was: undefined while there is no file. */
interface OpenedKeyFile extends Omit<KeyFile, "format"> {
  readonly revision: string | undefined;
}

/** Reads `keys.json` in `dir`; makes the directory. @throws Error in one sentence when the file is not ours */
export const readKeyFile = (dir: string): OpenedKeyFile => {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, "keys.json");
  if (!existsSync(path)) return { rings: [], keys: [], revision: undefined };
  const parsed = parseKeyFile(path);
  return { rings: parsed.rings, keys: parsed.keys, revision: revisionOf(path) };
};

/**
 * Writes all keys to a new file (mode 0600), flushes it and renames it over the old one: a crash leaves one or the
 * other. @throws Error when another process has written the file since `revision`
 */
export const writeKeyFile = (dir: string, state: KeyState, revision: string | undefined): string => {
  const path = join(dir, "keys.json");
  if (revisionOf(path) !== revision) throw new Error(`Another process has changed ${path}: one KMS a directory.`);
  const content: KeyFile = { format: FORMAT, rings: [...state.rings.values()], keys: [...state.keys.values()] };
  const temporary = join(dir, `.keys-${randomUUID()}`);
  try {
    writeDurably(temporary, JSON.stringify(content));
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  return revisionOf(path) ?? "";
};

const writeDurably = (path: string, text: string): void => {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

const parseKeyFile = (path: string): KeyFile => {
  try {
    const parsed = JSON.parse(readFileSync(path, "utf8")) as Partial<KeyFile> & { format?: number };
    const { format, rings, keys } = parsed;
    if (format === FORMAT && Array.isArray(rings) && Array.isArray(keys)) return { format, rings, keys };
  } catch (cause) {
    throw new Error(`${path} cannot be read as the local KMS's key file.`, { cause });
  }
  throw new Error(`${path} is not a key file of this version of the local KMS.`);
};

const revisionOf = (path: string): string | undefined => {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? undefined : `${stats.ino}:${stats.mtimeNs}`;
};
