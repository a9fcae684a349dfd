import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { step } from "../setup/say.mjs";
import type { Downloadable } from "./emulators.ts";
import type { Jdk } from "./java.ts";
import { cacheDir, root } from "./paths.ts";

/** Lets the Firebase CLI download an emulator into its own cache. False when it could not. */
export const downloadEmulator = (name: Downloadable, jdk: Jdk): Promise<boolean> =>
  step(`download the ${name} emulator`, async () => {
    const child = spawn(process.execPath, [firebaseCli, `setup:emulators:${name}`], {
      cwd: cacheDir,
      env: { ...process.env, PATH: [join(jdk.home, "bin"), process.env["PATH"] ?? ""].join(delimiter) },
      stdio: "ignore",
    });
    return new Promise<boolean>((done) => {
      child.on("error", () => done(false));
      child.on("exit", (code) => done(code === 0));
    });
  });

export const firebaseCli = join(root, "node_modules/firebase-tools/lib/bin/firebase.js");
