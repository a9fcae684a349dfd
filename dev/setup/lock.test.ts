import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { withLock } from "./lock.mjs";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "firekeep-lock-"));
  file = join(folder, "deep", "install.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("two at once run one after the other", async () => {
  const events: string[] = [];
  const work = (name: string) => () =>
    new Promise<void>((done) => {
      events.push(`${name} begins`);
      setTimeout(() => {
        events.push(`${name} ends`);
        done();
      }, 50);
    });
  await Promise.all([withLock(file, "testing", work("a")), withLock(file, "testing", work("b"))]);
  expect(events).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  expect(existsSync(file)).toBe(false);
});

test("the lock is given back when the work fails", async () => {
  await expect(withLock(file, "testing", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(existsSync(file)).toBe(false);
});

test("a dead process's lock is taken over", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  writeFileSync(join(folder, "dead.lock"), String(pid));
  await expect(withLock(join(folder, "dead.lock"), "testing", () => Promise.resolve("done"))).resolves.toBe("done");
});
