import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { appendLeaf, EMPTY_RANGE, leafHash, nodeHash, rootOf, type CompactRange } from "./merkle-tree.js";
import { isConsistent, rootFromInclusion } from "./merkle-proof.js";

const VECTORS = resolve(__dirname, "../../../../shared/vectors/crypto");

interface Vectors<Row> {
  readonly tests: readonly (Row & { readonly file: string; readonly wantErr: boolean })[];
}

const vectors = <Row>(name: string): Vectors<Row>["tests"] => {
  const path = resolve(VECTORS, name);
  if (existsSync(path)) return (JSON.parse(readFileSync(path, "utf8")) as Vectors<Row>).tests;
  process.stderr.write(`\n*** NOT RUN: published vectors ${name} are not here (${path}) ***\n`);
  return [];
};

const bytes = (text: string | null): Buffer => Buffer.from(text ?? "", "base64");
const rangeOf = (leaves: readonly Buffer[]): CompactRange => leaves.reduce(appendLeaf, EMPTY_RANGE);

/** The definition of RFC 6962 section 2.1, word for word. */
const definedRoot = (leaves: readonly Buffer[]): Buffer => {
  const [only] = leaves;
  if (only === undefined) return rootOf(EMPTY_RANGE);
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
};

describe("the Merkle tree", () => {
  test("of nothing has the hash of nothing as its root", () => {
    expect(rootOf(EMPTY_RANGE).toString("hex")).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });

  test("hashes an empty leaf as RFC 6962 does", () => {
    expect(leafHash(Buffer.alloc(0)).toString("hex")).toBe(
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    );
  });

  test("has the root that the recursive definition gives, at every size up to 130", () => {
    const leaves = Array.from({ length: 130 }, (_, index) => leafHash(Buffer.from(String(index))));
    for (let size = 0; size <= leaves.length; size += 1) {
      const part = leaves.slice(0, size);
      expect(rootOf(rangeOf(part)).equals(definedRoot(part))).toBe(true);
    }
  });
});

describe("proofs", () => {
  test("agree with every published inclusion vector", () => {
    interface Row {
      readonly leafIdx: number;
      readonly treeSize: number;
      readonly root: string;
      readonly leafHash: string;
      readonly proof: readonly string[] | null;
    }
    const wrong = vectors<Row>("rfc6962-inclusion.json").filter((row) => {
      const path = (row.proof ?? []).map(bytes);
      const root = rootFromInclusion({ index: row.leafIdx, size: row.treeSize, leaf: bytes(row.leafHash), path });
      return (root?.equals(bytes(row.root)) === true) === row.wantErr;
    });
    expect(wrong.map((row) => row.file)).toEqual([]);
  });

  test("agree with every published consistency vector", () => {
    interface Row {
      readonly size1: number;
      readonly size2: number;
      readonly root1: string;
      readonly root2: string;
      readonly proof: readonly string[] | null;
    }
    const wrong = vectors<Row>("rfc6962-consistency.json").filter((row) => {
      const { size1, size2 } = row;
      const path = (row.proof ?? []).map(bytes);
      return isConsistent({ size1, size2, root1: bytes(row.root1), root2: bytes(row.root2), path }) === row.wantErr;
    });
    expect(wrong.map((row) => row.file)).toEqual([]);
  });
});
