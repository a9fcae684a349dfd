import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { exportLog } from "../../functions/src/audit/export-log.js";
import { recordOf } from "../../functions/src/audit/entry.js";
import { memoryLogStore } from "../../functions/src/audit/log-store.js";
import { signStatement, verifySigned, type Signer } from "../../functions/src/audit/signed-statement.js";
import { memorySpool } from "../../functions/src/audit/spool.js";
import { memoryPublisher } from "../../functions/src/platform/pubsub.js";
import { main } from "./main.ts";

const keyPair = generateKeyPairSync("ed25519");
const publicKey = keyPair.publicKey.export({ format: "pem", type: "spki" }).toString();
const strangerKey = generateKeyPairSync("ed25519").publicKey.export({ format: "pem", type: "spki" }).toString();
const signer: Signer = {
  sign: (bytes) =>
    Promise.resolve({ signature: sign(null, bytes, keyPair.privateKey), keyVersion: "test/1", publicKey }),
};

const folder = mkdtempSync(join(tmpdir(), "firekeep-verify-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** An export of the product's own making, with 9 entries. */
const exported = async (): Promise<string[]> => {
  const spool = memorySpool();
  const type = {
    name: "test.done",
    class: "api-activity",
    activity: 1,
    severity: "low",
    message: "Straße, 東京 — done.",
  } as const;
  for (let index = 0; index < 9; index += 1) {
    const event = { type, outcome: "success", detail: { number: index } } as const;
    await spool.add({ entry: recordOf({ event, id: `e${String(index)}`, at: 1_000 + index }).entry });
  }
  const random = () => new Uint8Array(16);
  const rest = {
    publisher: memoryPublisher(),
    signer,
    clock: () => 1,
    random,
    log: () => undefined,
    origin: "firekeep/test",
  };
  return (await exportLog({ store: memoryLogStore(spool.entries), spool, ...rest }, { from: 0 })).lines;
};

let lines: string[] = [];
beforeAll(async () => {
  lines = await exported();
});

const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const run = async (content: string | Buffer, key = publicKey): Promise<{ code: number; said: string }> => {
  const said: string[] = [];
  const args = [file("subject", content), ...(key === "" ? [] : ["--key", file("key.pem", key)])];
  const code = await main(args, (line) => said.push(line));
  return { code, said: said.join("\n") };
};

const changed = (index: number, change: (row: Record<string, unknown>) => unknown): string =>
  lines
    .map((line, at) => (at === index ? JSON.stringify(change(JSON.parse(line) as Record<string, unknown>)) : line))
    .join("\n");

const leaf = (entry: string) =>
  createHash("sha256")
    .update(Buffer.concat([Buffer.from([0]), Buffer.from(entry)]))
    .digest("base64");

describe("an exported log", () => {
  test("is verified under the trusted key", async () => {
    const { code, said } = await run(lines.join("\n"));
    expect(said).toContain("9 entries");
    expect(said).not.toContain("warning");
    expect(code).toBe(0);
  });

  test("is not called proven when no key was brought from elsewhere", async () => {
    expect((await run(lines.join("\n"), "")).said).toContain("No trusted key");
  });

  test("is refused under another key", async () => {
    expect(await run(lines.join("\n"), strangerKey)).toMatchObject({
      code: 1,
      said: expect.stringContaining("names another key"),
    });
    const renamed = changed(0, (row) => ({ ...row, publicKey: strangerKey }));
    expect(await run(renamed, strangerKey)).toMatchObject({
      code: 1,
      said: expect.stringContaining("not signed by this key"),
    });
  });

  test("is refused when any one byte is changed", async () => {
    const bytes = Buffer.from(lines.join("\n"));
    const unnoticed: number[] = [];
    for (let at = 0; at < bytes.length; at += 5) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      if ((await run(copy)).code === 0) unnoticed.push(at);
    }
    expect(unnoticed).toEqual([]);
  }, 60_000);

  test("is refused with the number of the entry that was changed", async () => {
    const { code, said } = await run(
      changed(6, (row) => ({ ...row, entry: String(row["entry"]).replace('"number":5', '"number":6') })),
    );
    expect(said).toContain("Entry 5 was changed");
    expect(code).toBe(1);
  });

  test("is refused when an entry was changed together with its hash", async () => {
    const forged = changed(6, (row) => ({ ...row, entry: "{}", leaf: leaf("{}") }));
    expect(await run(forged)).toMatchObject({ code: 1, said: expect.stringContaining("not those signed") });
  });

  test("is refused when only a noted hash was changed, and says that the entries are sound", async () => {
    const { code, said } = await run(changed(3, (row) => ({ ...row, leaf: leaf("x") })));
    expect(said).toContain("Only the hash noted beside entry 2");
    expect(code).toBe(1);
  });

  test.each([
    ["its end is cut off", () => lines.slice(0, -2).join("\n"), "Entries from 7 on are missing"],
    ["an entry is missing", () => lines.toSpliced(4, 1).join("\n"), "Entry 3 is not where it was"],
    [
      "two entries changed places",
      () => lines.toSpliced(4, 2, lines[5] ?? "", lines[4] ?? "").join("\n"),
      "Entry 3 is not where",
    ],
    ["an entry is there twice", () => [...lines, lines[9] ?? ""].join("\n"), "Entry 9 is not where"],
    [
      "the checkpoint says another number",
      () => changed(0, (row) => ({ ...row, checkpoint: String(row["checkpoint"]).replace("\n9\n", "\n8\n") })),
      "not signed by this key",
    ],
  ])("is refused when %s", async (_, make, says) => {
    expect(await run(make())).toMatchObject({ code: 1, said: expect.stringContaining(says) });
  });
});

describe("a signed receipt", () => {
  const statement = { type: "firekeep/erasure-receipt/v1", residual: 0, counts: { b: 2, a: 1 } };

  test("is verified under the trusted key, and its facts are told", async () => {
    const { code, said } = await run(
      JSON.stringify({ status: "done", receipt: await signStatement(signer, statement) }),
    );
    expect(said).toContain('counts: {"a":1,"b":2}');
    expect(code).toBe(0);
  });

  test("is refused when a fact in it was changed", async () => {
    const signed = await signStatement(signer, statement);
    expect(verifySigned(signed, publicKey)).toBe(true);
    expect(verifySigned(signed, strangerKey)).toBe(false);
    expect((await run(JSON.stringify({ ...signed, statement: { ...statement, residual: 1 } }))).code).toBe(1);
    expect((await run(JSON.stringify(signed), strangerKey)).code).toBe(1);
  });
});

describe("the command", () => {
  test.each([
    ["nothing", []],
    ["a file that is not there", ["/nowhere"]],
    ["two files", ["a", "b"]],
  ])("says what is wrong with %s and fails", async (_, args) => {
    const said: string[] = [];
    expect(await main(args, (line) => said.push(line))).toBe(1);
    expect(said.join()).not.toBe("");
  });

  test("refuses a file of another kind", async () => {
    expect(await run("hello")).toMatchObject({ code: 1, said: expect.stringContaining("neither") });
  });
});
