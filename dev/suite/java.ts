import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setupError } from "../setup/say.mjs";

/** What the Firebase CLI asks for. */
const MINIMUM = 21;

export interface Jdk {
  home: string;
  major: number;
  /** Has `javac`, which the Storage rules stand-in needs. */
  compiles: boolean;
  /** Where it was found, for people. */
  source: string;
}

export interface Machine {
  env: Record<string, string | undefined>;
  home: string;
  /** Names in a folder; none when the folder is absent. */
  list: (folder: string) => string[];
  /** Major version of the Java in this home; undefined when there is none. */
  majorOf: (javaHome: string) => number | undefined;
  exists: (path: string) => boolean;
  realpath: (path: string) => string;
}

/** The first JDK >= 21: JAVA_HOME, then PATH, then where systems and version managers keep theirs (newest first). */
export const findJdk = (machine: Machine = thisMachine): Jdk => {
  const seen: number[] = [];
  for (const { home, source } of candidates(machine)) {
    const major = machine.majorOf(home);
    if (major === undefined) continue;
    if (major >= MINIMUM) return { home, major, source, compiles: machine.exists(join(home, "bin/javac")) };
    seen.push(major);
  }
  const found = seen.length === 0 ? "no Java was found" : `only Java ${[...new Set(seen)].join(", ")} was found`;
  throw setupError(
    `the emulators need a JDK ${String(MINIMUM)} or newer and ${found}. ` +
      "Install one (adoptium.net, apt install openjdk-21-jdk, brew install openjdk) or point JAVA_HOME at it.",
  );
};

/** `openjdk version "21.0.4"`, `java version "1.8.0_401"`: 21 and 8. */
export const parseJavaMajor = (text: string): number | undefined => {
  const [, first, second] = /version[= ]"?(\d+)(?:\.(\d+))?/i.exec(text) ?? [];
  if (first === undefined) return undefined;
  return Number(first === "1" && second !== undefined ? second : first);
};

const candidates = (machine: Machine): { home: string; source: string }[] => {
  const { env } = machine;
  const given = env["JAVA_HOME"] === undefined ? [] : [{ home: env["JAVA_HOME"], source: "JAVA_HOME" }];
  return [...given, ...onPath(machine), ...installed(machine)];
};

const onPath = (machine: Machine): { home: string; source: string }[] =>
  (machine.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "java"))
    .filter((binary) => machine.exists(binary))
    .map((binary) => ({ home: dirname(dirname(machine.realpath(binary))), source: "PATH" }));

const installed = (machine: Machine): { home: string; source: string }[] => {
  const brew = ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"];
  const homes = [
    ...["/usr/lib/jvm", "/usr/java", "/opt/java"].flatMap((folder) => under(machine, folder, "")),
    ...["/Library/Java/JavaVirtualMachines", join(machine.home, "Library/Java/JavaVirtualMachines")].flatMap((folder) =>
      under(machine, folder, "Contents/Home"),
    ),
    ...under(machine, join(machine.home, ".sdkman/candidates/java"), ""),
    ...under(machine, join(machine.home, ".jdks"), ""),
    ...brew.flatMap((folder) =>
      under(machine, folder, "libexec")
        .filter((home) => home.includes("/openjdk"))
        .flatMap((home) => [home, join(home, "openjdk.jdk/Contents/Home")]),
    ),
  ];
  return homes
    .map((home) => ({ home, source: "the system's JVM folders", major: machine.majorOf(home) ?? 0 }))
    .sort((a, b) => b.major - a.major);
};

const under = (machine: Machine, folder: string, inner: string): string[] =>
  machine.list(folder).map((name) => join(folder, name, inner));

const thisMachine: Machine = {
  env: process.env,
  home: process.env["HOME"] ?? "/",
  list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
  exists: existsSync,
  realpath: realpathSync,
  majorOf: (home) => {
    const release = join(home, "release");
    if (existsSync(release)) {
      const version = /^JAVA_VERSION=(.*)$/m.exec(readFileSync(release, "utf8"))?.[1];
      if (version !== undefined) return parseJavaMajor(`version=${version}`);
    }
    const java = join(home, "bin/java");
    if (!existsSync(java)) return undefined;
    // `java -version` speaks on stderr, and macOS has a `java` that only says that there is none.
    try {
      return parseJavaMajor(execFileSync("/bin/sh", ["-c", '"$0" -version 2>&1', java], { encoding: "utf8" }));
    } catch {
      return undefined;
    }
  },
};
