import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

// In a process of its own, as `npm start -- --story` runs it: the real SDKs, no test runner in between.
test("the whole story holds, from sign-up to a log that verifies after the erasure", () => {
  const main = join(__dirname, "../../dev/story/main.ts");
  const story = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", main], {
    encoding: "utf8",
    timeout: 400_000,
  });
  expect(`${story.stdout}${story.stderr}`).toContain("Every claim held.");
  expect(story.status).toBe(0);
}, 410_000);
