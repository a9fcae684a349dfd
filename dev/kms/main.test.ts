import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { localKmsClient, localKmsRestClient } from "./client.ts";

const name = "projects/demo/locations/europe-west1/keyRings/firekeep-red/cryptoKeys/fields";

describe("the command", () => {
  let dir: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "local-kms-"));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(dir, { recursive: true });
  });

  const run = (...flags: string[]): ChildProcess => {
    const child = spawn(process.execPath, ["--no-warnings", join(__dirname, "main.ts"), ...flags]);
    children.push(child);
    return child;
  };
  const ready = async (child: ChildProcess): Promise<{ port: number; restPort: number; adminPort: number }> => {
    const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
    return JSON.parse(line.toString()) as { port: number; restPort: number; adminPort: number };
  };

  test("prints its ports when ready, has the seeded keys, keeps them, and stops on SIGTERM", async () => {
    const flags = ["--port", "0", "--dir", dir, "--seed", "demo", "--location", "europe-west1"];
    const first = run(...flags);
    const client = localKmsClient(await ready(first));
    const [sealed] = await client.encrypt({ name, plaintext: Buffer.from("x") });
    await client.close();
    first.kill("SIGTERM");
    const [exitCode] = (await once(first, "exit")) as [number | null];
    const second = run(...flags);
    const rest = localKmsRestClient(await ready(second));
    const [opened] = await rest.decrypt({ name, ciphertext: sealed.ciphertext ?? "" });
    await rest.close();

    expect(exitCode).toBe(0);
    expect(Buffer.from(opened.plaintext ?? "").toString()).toBe("x");
  });

  test.each([
    [["--host", "0.0.0.0"], "127.0.0.1 only"],
    [["--port", "http"], "--port must be a port"],
    [["--seed", "demo"], "go together"],
    [["--nonsense"], "--nonsense"],
  ])("refuses %j with one sentence", async (flags, sentence) => {
    const child = run(...flags);
    const said: Buffer[] = [];
    child.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
    const [exitCode] = (await once(child, "close")) as [number | null];

    expect(exitCode).toBe(1);
    expect(Buffer.concat(said).toString()).toContain(sentence);
    expect(Buffer.concat(said).toString().trim().split("\n")).toHaveLength(1);
  });
});
