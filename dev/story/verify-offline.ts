import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../suite/paths.ts";

/** Runs `npm run verify` as anybody would, in a process of its own that knows nothing but the file and the key. */
export const verifyOffline = (file: string, key: string): { status: number; output: string } => {
  const command = ["--disable-warning=ExperimentalWarning", join(root, "dev/commands/verify.ts"), file, "--key", key];
  const child = spawnSync(process.execPath, command, { encoding: "utf8", env: { PATH: process.env["PATH"] } });
  return { status: child.status ?? 2, output: `${child.stdout}${child.stderr}`.trim() };
};
