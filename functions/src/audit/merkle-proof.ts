import { nodeHash } from "./merkle-tree.js";

/**
 * The root that an inclusion proof leads to (RFC 9162 section 2.1.3.2), or undefined when the proof has the wrong length.
 * The entry is in the tree if and only if this equals the tree's root.
 */
export const rootFromInclusion = (proof: {
  index: number;
  size: number;
  leaf: Uint8Array;
  path: readonly Uint8Array[];
}): Buffer | undefined => {
  if (!isPlace(proof.index, proof.size) || proof.leaf.length !== HASH_BYTES) return undefined;
  let node = proof.index;
  let last = proof.size - 1;
  let root: Buffer = Buffer.from(proof.leaf);
  for (const sibling of proof.path) {
    if (last === 0) return undefined;
    if (isOdd(node) || node === last) {
      root = nodeHash(sibling, root);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      root = nodeHash(root, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? root : undefined;
};

/** Whether the tree of `size2` leaves begins with the tree of `size1` (RFC 9162 section 2.1.4.2). Size 0 proves nothing. */
export const isConsistent = (proof: {
  size1: number;
  size2: number;
  root1: Uint8Array;
  root2: Uint8Array;
  path: readonly Uint8Array[];
}): boolean => {
  const { size1, size2, root1, root2 } = proof;
  if (!Number.isSafeInteger(size2) || !isPlace(size1 - 1, size2)) return false;
  if (size1 === size2) return proof.path.length === 0 && equal(root1, root2);
  const [seed, ...path] = isPowerOfTwo(size1) ? [root1, ...proof.path] : proof.path;
  if (seed === undefined || proof.path.length === 0) return false;
  let [node, last] = [size1 - 1, size2 - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  let [first, second]: [Buffer, Buffer] = [Buffer.from(seed), Buffer.from(seed)];
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      [first, second] = [nodeHash(sibling, first), nodeHash(sibling, second)];
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      second = nodeHash(second, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(first, root1) && equal(second, root2);
};

const HASH_BYTES = 32;

// Sizes can pass 2^32, where bit operators of JavaScript stop.
const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;
const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));
const isPlace = (index: number, size: number): boolean => Number.isSafeInteger(index) && index >= 0 && index < size;
const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
