import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { say, step } from "../setup/say.mjs";
import { writeLauncherJar } from "./jar.ts";
import type { Jdk } from "./java.ts";
import { cacheDir, root } from "./paths.ts";

const SOURCE = join(root, "dev/storage-rules/StorageRulesRuntime.java");

/**
 * Compiles the stand-in for the official Storage rules runtime against a Firestore emulator's jar, once.
 * Answers the jar to start, or undefined, with the reason said, when it does not compile.
 */
export const compileStorageRules = async (jdk: Jdk, firestoreJar: string): Promise<string | undefined> => {
  if (!jdk.compiles) return undefined;
  const classes = join(cacheDir, `storage-rules-${keyOf(firestoreJar)}`);
  const jar = `${classes}.jar`;
  if (existsSync(jar) && existsSync(classes)) return jar;
  const fresh = `${classes}-${String(process.pid)}`;
  try {
    mkdirSync(fresh, { recursive: true });
    await step("compile the Storage rules stand-in", () =>
      promisify(execFile)(join(jdk.home, "bin/javac"), [
        "-proc:none",
        "--release",
        "17",
        "-cp",
        firestoreJar,
        "-d",
        fresh,
        SOURCE,
      ]),
    );
    rmSync(classes, { recursive: true, force: true });
    renameSync(fresh, classes);
    writeLauncherJar(jar, "StorageRulesRuntime", [`${classes}/`, firestoreJar]);
    return jar;
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    say(`the Storage rules stand-in does not compile with this JDK and Firestore jar: ${firstLine(error)}`);
    return undefined;
  }
};

const keyOf = (jar: string): string => {
  const { size, mtimeMs } = statSync(jar);
  const hash = createHash("sha256").update(readFileSync(SOURCE));
  return hash
    .update(`${jar} ${String(size)} ${String(mtimeMs)}`)
    .digest("hex")
    .slice(0, 12);
};

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[1] ?? "";
