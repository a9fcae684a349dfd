import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { axe } from "../../dev/axe.ts";
import { launchBrowser } from "../../dev/browser.ts";
import { attachSuite } from "../../dev/suite/index.ts";
import { createAccount } from "./accounts.ts";
import { openSecurity, signInWithPassword, visit, type Visit } from "./visit.ts";

// Chromium on the real console: what a person uploads is what they get back, over a reload in the middle, and nobody else does.
const suite = attachSuite();
const folder = mkdtempSync(join(tmpdir(), "firekeep-files-"));
const open: Visit[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const arrive = async (name: string): Promise<Visit> => {
  const { email } = await createAccount(suite, name);
  const visitor = await visit(browser, suite);
  open.push(visitor);
  await signInWithPassword(visitor, email);
  await openSecurity(visitor);
  return visitor;
};

/** A file on this machine's disk, of bytes that do not repeat. */
const fileOf = (name: string, size: number): string => {
  const path = join(folder, name);
  writeFileSync(
    path,
    Buffer.from(Uint32Array.from({ length: size / 4 }, (_, index) => Math.imul(index, 2_654_435_761)).buffer),
  );
  return path;
};

const panel = (page: Page, id: "files" | "sealed") => page.locator(`[aria-labelledby=${id}]`);

const downloaded = async (page: Page, press: () => Promise<void>): Promise<{ name: string; content: Buffer }> => {
  const coming = page.waitForEvent("download");
  await press();
  const download = await coming;
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
};

test("an upload goes on after a reload, comes back the same, is nobody else's, and is removed", async () => {
  const ann = await arrive("fil");
  const { page } = ann;
  const path = fileOf("holiday.png", 9_000_000); // three parts of at most 4 MiB
  const arrived: string[] = [];
  page.on("response", (response) => {
    if (response.request().method() === "PUT") arrived.push(`${new URL(response.url()).search} ${response.status()}`);
  });
  await page.route(/encryption-file-upload\?part=[12]/, (route) => route.abort());
  await panel(page, "files").getByLabel("Add a file").setInputFiles(path);
  await panel(page, "files").locator("progress[value='4194304']").waitFor();
  await page.reload();
  await page.unroute(/encryption-file-upload\?part=[12]/);
  await panel(page, "files").getByText("None yet.").waitFor();
  await panel(page, "files").getByLabel("Add a file").setInputFiles(path);
  const get = panel(page, "files").getByRole("button", { name: "Download holiday.png" });
  await get.waitFor();
  expect(arrived.sort()).toEqual(["?part=0 200", "?part=1 200", "?part=2 200"]);
  const { name, content } = await downloaded(page, () => get.click());
  expect(name).toBe("holiday.png");
  expect(content.equals(readFileSync(path))).toBe(true);
  expect(await axe(page)).toEqual([]);

  const bob = await arrive("fob");
  await panel(bob.page, "files").getByText("None yet.").waitFor();
  await panel(page, "files").getByRole("button", { name: "Remove holiday.png" }).click();
  await panel(page, "files").getByText("None yet.").waitFor();
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
}, 600_000);

test("a file sealed in the browser opens after a reload, not without the key, and again with the recovery key", async () => {
  const ann = await arrive("sea");
  const { page } = ann;
  const sealed = panel(page, "sealed");
  const path = fileOf("diary.txt", 700_000);
  await sealed.getByRole("button", { name: "Make my key" }).click();
  const recoveryKey = (await sealed.locator("code").textContent()) ?? "";
  expect(recoveryKey).toMatch(/^(\w{4}-){13}.$/);
  await sealed.getByRole("button", { name: "I have kept it" }).click();
  await sealed.getByLabel("Seal a file").setInputFiles(path);
  const get = sealed.getByRole("button", { name: "Download diary.txt" });
  await get.waitFor();
  await page.reload();
  const { name, content } = await downloaded(page, () => get.click());
  expect(name).toBe("diary.txt");
  expect(content.equals(readFileSync(path))).toBe(true);
  expect(await axe(page)).toEqual([]);

  await sealed.getByRole("button", { name: "Forget my key on this device" }).click();
  await sealed.getByLabel("Recovery key").waitFor();
  expect(await sealed.textContent()).not.toContain("diary");
  const mistyped = recoveryKey.replace(/^./, (symbol) => (symbol === "7" ? "8" : "7"));
  await sealed.getByLabel("Recovery key").fill(mistyped);
  await sealed.getByRole("button", { name: "Open" }).click();
  await sealed.getByText("This recovery key has a mistake.").waitFor();
  await sealed.getByLabel("Recovery key").fill("0000-".repeat(13) + "0"); // well formed, and another key
  await sealed.getByRole("button", { name: "Open" }).click();
  await sealed.getByText("This was sealed under another key.").waitFor();
  await sealed.getByLabel("Recovery key").fill(recoveryKey.toLowerCase());
  await sealed.getByRole("button", { name: "Open" }).click();
  expect((await downloaded(page, () => get.click())).content.equals(readFileSync(path))).toBe(true);
  expect(ann.complaints).toEqual([]);
}, 600_000);
