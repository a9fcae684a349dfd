import { createHash } from "node:crypto";

const hash = (...parts: readonly Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();

/** RFC 6962: SHA-256(0x00 || entry). */
export const leafOf = (entry: string): Buffer => hash(Buffer.from([0]), Buffer.from(entry, "utf8"));

/** Root of a growing RFC 6962 tree, without keeping its leaves: a stack of `[leaves below, root]`. */
export const growingRoot = (): { add: (leaf: Buffer) => void; root: () => Buffer } => {
  const stack: [number, Buffer][] = [];
  const join = (left: Buffer, right: Buffer): Buffer => hash(Buffer.from([1]), left, right);
  return {
    add: (leaf) => {
      let top: [number, Buffer] = [1, leaf];
      for (let left = stack.at(-1); left?.[0] === top[0]; left = stack.at(-1)) {
        stack.pop();
        top = [left[0] + top[0], join(left[1], top[1])];
      }
      stack.push(top);
    },
    root: () =>
      stack.length === 0 ? hash() : stack.map(([, root]) => root).reduceRight((right, left) => join(left, right)),
  };
};
