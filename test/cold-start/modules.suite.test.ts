import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

/**
 * Modules that each domain's functions load at start. A careless import of an SDK adds hundreds; what a handler needs is
 * loaded in the handler. Raise a number only with the reason beside it.
 */
// Identity has more: its table is in parts, one a kind of call.
const MODULES = { identity: 440, encryption: 410, detection: 410, privacy: 410, incidents: 410, audit: 410 } as const;

const NEVER_AT_START = [
  "@google-cloud/kms",
  "@google-cloud/pubsub",
  "@google-cloud/storage",
  "@google-cloud/firestore",
  "otplib",
  "qrcode",
  "bowser",
];

const root = join(__dirname, "../..");

const modulesOf = (domain: string): string[] => {
  const script = `require(process.argv[1])[process.argv[2]]; process.stdout.write(JSON.stringify(Object.keys(require.cache)))`;
  const child = spawnSync(process.execPath, ["-e", script, join(root, "functions/lib/index.js"), domain], {
    encoding: "utf8",
    env: { GCLOUD_PROJECT: "demo-firekeep" },
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as string[];
};

test.each(Object.entries(MODULES))("%s starts with at most %d modules, none of them a heavy SDK", (domain, most) => {
  const modules = modulesOf(domain);
  expect(modules.length).toBeGreaterThan(50);
  expect(modules.length).toBeLessThanOrEqual(most);
  for (const heavy of NEVER_AT_START)
    expect(modules.filter((path) => path.includes(`node_modules/${heavy}/`))).toEqual([]);
});
