import { createHash } from "node:crypto";

/**
 * An append-only Merkle tree (RFC 6962 section 2.1), kept as its compact range: the roots of the perfect subtrees that
 * the leaves so far fill, largest first. 20 hashes hold the state of a million entries.
 */
export interface CompactRange {
  readonly size: number;
  readonly hashes: readonly Buffer[];
}

export const EMPTY_RANGE: CompactRange = { size: 0, hashes: [] };

/** Hash of an entry as a leaf: SHA-256(0x00 || entry). */
export const leafHash = (entry: Uint8Array): Buffer => sha256(LEAF, entry);

/** Hash of an inner node: SHA-256(0x01 || left || right). */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);

/** The range after one more leaf. */
export const appendLeaf = ({ size, hashes }: CompactRange, leaf: Buffer): CompactRange => {
  const next = [...hashes];
  let node = leaf;
  // As in binary addition: every trailing 1 of the size is a perfect subtree that the new leaf completes.
  for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    const left = next.pop();
    if (left === undefined) throw new TypeError("a compact range has one hash for every 1 in its size");
    node = nodeHash(left, node);
  }
  return { size: size + 1, hashes: [...next, node] };
};

/** Root hash of the tree; of no leaves, SHA-256 of nothing. */
export const rootOf = ({ hashes }: CompactRange): Buffer => {
  const [last, ...rest] = [...hashes].reverse();
  if (last === undefined) return sha256();
  return rest.reduce((right, left) => nodeHash(left, right), last);
};

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
