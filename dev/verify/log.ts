import { openNote, type Note } from "./note.ts";
import { growingRoot, leafOf } from "./tree.ts";
import { NO_TRUSTED_KEY, type Verdict } from "./verdict.ts";

export const LOG_FORMAT = "firekeep-audit-log/v1";

/**
 * Checks an exported audit log against its signed checkpoint: every entry's hash, their order and number, the root of them
 * all, and the signature. Names the first entry that is not what it was. Reads line by line, so the size does not matter.
 *
 * @param trustedKey PEM of the audit key, from anywhere but the file itself
 */
export const verifyLog = async (lines: AsyncIterable<string>, trustedKey?: string): Promise<Verdict> => {
  const warnings = trustedKey === undefined ? [NO_TRUSTED_KEY] : [];
  const iterator = lines[Symbol.asyncIterator]();
  const header = parse((await iterator.next()).value as string | undefined);
  if (header?.["format"] !== LOG_FORMAT) return bad("The first line is not the header of an audit log.", warnings);
  if (trustedKey !== undefined && trustedKey.trim() !== text(header["publicKey"]).trim()) {
    return bad(
      "The log names another key than the one given: another log or key made it, or its header was changed.",
      warnings,
    );
  }
  const note = openNote(text(header["checkpoint"]), trustedKey ?? text(header["publicKey"]));
  if (note === undefined) {
    return bad("The checkpoint is not signed by this key: it was changed, or another log or key made it.", warnings);
  }
  const read = await readEntries(iterator, note.size);
  const problems = read.problem === undefined ? compare(read, note) : [explain(read, note)];
  const facts = [
    `${String(read.count)} entries of the log "${note.origin}" under a signed checkpoint of ${String(note.size)}.`,
  ];
  return { facts, problems, warnings };
};

interface Entries {
  readonly count: number;
  /** Root of the entries as they are, and of the hashes noted beside them. */
  readonly root: string;
  readonly notedRoot: string;
  readonly problem?: { readonly index: number; readonly says: string; readonly isHash: boolean };
}

const readEntries = async (lines: AsyncIterator<string>, size: number): Promise<Entries> => {
  const actual = growingRoot();
  const noted = growingRoot();
  let count = 0;
  let problem: Entries["problem"];
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    if (next.value === "") continue;
    const row = parse(next.value);
    const leaf = leafOf(text(row?.["entry"]));
    const says = faultOf(row, count, leaf);
    if (says !== undefined) problem ??= { index: count, ...says };
    actual.add(leaf);
    noted.add(Buffer.from(text(row?.["leaf"]), "base64"));
    count += 1;
  }
  if (count !== size) {
    const says =
      count < size ? `Entries from ${String(count)} on are missing` : `Entries from ${String(size)} on are not covered`;
    problem ??= {
      index: Math.min(count, size),
      says: `${says}: the checkpoint covers ${String(size)}.`,
      isHash: false,
    };
  }
  const roots = { root: actual.root().toString("base64"), notedRoot: noted.root().toString("base64") };
  return { count, ...roots, ...(problem !== undefined && { problem }) };
};

const faultOf = (row: Row | undefined, index: number, leaf: Buffer): { says: string; isHash: boolean } | undefined => {
  const place = `Entry ${String(index)}`;
  if (row === undefined) return { says: `${place} is not readable.`, isHash: false };
  if (row["index"] !== index) {
    return {
      says: `${place} is not where it was: this line says it is number ${String(row["index"])}.`,
      isHash: false,
    };
  }
  if (leaf.toString("base64") === row["leaf"]) return undefined;
  return { says: `${place} and the hash noted beside it do not agree.`, isHash: true };
};

/** A hash mismatch has two readings; the signed root says which one is true. */
const explain = ({ root, notedRoot, problem }: Entries, note: Note): string => {
  if (problem?.isHash !== true) return problem?.says ?? "";
  if (notedRoot === note.root)
    return `Entry ${String(problem.index)} was changed: the log that was signed had other bytes there.`;
  if (root === note.root)
    return `Only the hash noted beside entry ${String(problem.index)} was changed: the entries are those signed.`;
  return `${problem.says} There are further changes: neither the entries nor the noted hashes are those signed.`;
};

const compare = ({ root }: Entries, note: Note): string[] =>
  root === note.root
    ? []
    : [
        "The entries are not those signed: at least one was changed together with the hash noted beside it, so none can be named.",
      ];

const bad = (problem: string, warnings: readonly string[]): Verdict => ({ facts: [], problems: [problem], warnings });

type Row = Readonly<Record<string, unknown>>;

const parse = (line: string | undefined): Row | undefined => {
  try {
    const value: unknown = JSON.parse(line ?? "");
    return typeof value === "object" && value !== null ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");
