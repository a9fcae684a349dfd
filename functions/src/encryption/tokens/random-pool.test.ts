import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ModuleKind, transpileModule } from "typescript";
import { pooledRandom, type FillRandom } from "./random-pool.js";

const draw = (fill: FillRandom): string => {
  const nonce = Buffer.alloc(24);
  fill(nonce, 0, 24);
  return nonce.toString("hex");
};

test("never gives the same bytes twice, and hands out no view of its pool", () => {
  let drawn = 0;
  const random = (size: number) => {
    drawn += 1;
    return randomBytes(size);
  };
  const fill = pooledRandom(random, { now: () => 1, blockBytes: 100 });
  expect(new Set(Array.from({ length: 1_000 }, () => draw(fill))).size).toBe(1_000);
  expect(drawn).toBe(250);
  const big = Buffer.alloc(500);
  fill(big, 0, 500);
  expect(big.subarray(476).equals(Buffer.alloc(24))).toBe(false);
});

test("throws away what is older than 50 ms, or from the future: the clock of a copy has moved", () => {
  let drawn = 0;
  let now = 1_000;
  const random = (size: number) => {
    drawn += 1;
    return randomBytes(size);
  };
  const fill = pooledRandom(random, { now: () => now });
  for (const [at, draws] of [
    [1_000, 1],
    [1_050, 1],
    [1_051, 2],
    [1_040, 3],
    [NaN, 4],
  ] as const) {
    now = at;
    draw(fill);
    expect(drawn).toBe(draws);
  }
});

test("two copies of a process, generator and all, do not repeat each other while their clocks differ", () => {
  const copy = (now: number) => {
    let state = 1;
    // The generator was copied too: both draw the same.
    const random = (size: number) =>
      Uint8Array.from({ length: size }, () => (state = (state * 16_807) % 2_147_483_647));
    return pooledRandom(random, { now: () => now });
  };
  const [one, other] = [copy(1_800_000_000_000), copy(1_800_000_000_000.25)];
  const seen = new Set(Array.from({ length: 1_000 }, () => [draw(one), draw(other)]).flat());
  expect(seen.size).toBe(2_000);
});

test("processes that start from one start-up snapshot, taken with a block half used, draw differently", () => {
  const folder = mkdtempSync(join(tmpdir(), "firekeep-snapshot-"));
  try {
    const blob = join(folder, "blob");
    const entry = join(folder, "entry.js");
    writeFileSync(entry, `const exports = {};\n${compiled()}\n${SNAPSHOT_ENTRY}`);
    execFileSync(process.execPath, ["--snapshot-blob", blob, "--build-snapshot", entry], { stdio: "pipe" });
    const run = () => execFileSync(process.execPath, ["--snapshot-blob", blob], { encoding: "utf8" });
    const [first, second] = [run(), run()];
    expect(first).toMatch(/^[0-9a-f]{48}$/);
    expect(second).toMatch(/^[0-9a-f]{48}$/);
    expect(first).not.toBe(second);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The product's own file, as one script: a snapshot's entry can load nothing else. */
const compiled = (): string => {
  const source = readFileSync(join(__dirname, "random-pool.ts"), "utf8");
  return transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS } }).outputText;
};

// The generator's state is in the snapshot as well, which is the worst that can be.
const SNAPSHOT_ENTRY = `
let state = 1;
const fill = exports.pooledRandom((size) => Uint8Array.from({ length: size }, () => (state = (state * 16807) % 2147483647)));
fill(new Uint8Array(24), 0, 24);
require("node:v8").startupSnapshot.setDeserializeMainFunction(() => {
  const nonce = new Uint8Array(24);
  fill(nonce, 0, 24);
  process.stdout.write(Buffer.from(nonce).toString("hex"));
});
`;
