import { describe, expect, test } from "@jest/globals";
import { findJdk, parseJavaMajor } from "./java.ts";
import type { Machine } from "./java.ts";

describe("parsing a Java version", () => {
  test.each([
    ['openjdk version "21.0.4" 2024-07-16 LTS', 21],
    ['java version "1.8.0_401"', 8],
    ['openjdk version "25" 2025-09-16', 25],
    ['version="17.0.15"', 17],
    ["No Java runtime present, requesting install.", undefined],
  ])("%s", (text, major) => {
    expect(parseJavaMajor(text)).toBe(major);
  });
});

/** A machine with these Java homes; `javaOnPath` is what `java` on PATH links to. */
const machine = (homes: Record<string, number>, env: Record<string, string> = {}, javaOnPath?: string): Machine => ({
  env,
  home: "/home/me",
  list: (folder) =>
    [...new Set(Object.keys(homes).filter((home) => home.startsWith(`${folder}/`)))].map(
      (home) => home.slice(folder.length + 1).split("/")[0] ?? "",
    ),
  majorOf: (home) => homes[home],
  exists: (path) => (path === "/usr/bin/java" ? javaOnPath !== undefined : true),
  realpath: () => javaOnPath ?? "",
});

describe("finding a JDK", () => {
  test("JAVA_HOME goes before PATH, PATH before the system's folders", () => {
    const homes = { "/mine": 21, "/usr/lib/jvm/a": 22, "/usr/lib/jvm/b": 25 };
    const path = { PATH: "/usr/bin" };
    expect(findJdk(machine(homes, { JAVA_HOME: "/mine", ...path }, "/usr/lib/jvm/a/bin/java")).source).toBe(
      "JAVA_HOME",
    );
    expect(findJdk(machine(homes, path, "/usr/lib/jvm/a/bin/java"))).toMatchObject({ source: "PATH", major: 22 });
    expect(findJdk(machine(homes, {}))).toMatchObject({ home: "/usr/lib/jvm/b", major: 25 });
  });

  test("an older one is passed over, wherever it is named", () => {
    const homes = { "/old": 17, "/usr/lib/jvm/old": 17, "/home/me/.sdkman/candidates/java/24-tem": 24 };
    expect(findJdk(machine(homes, { JAVA_HOME: "/old" }))).toMatchObject({
      home: "/home/me/.sdkman/candidates/java/24-tem",
    });
  });

  test("macOS and Homebrew keep theirs deeper", () => {
    expect(findJdk(machine({ "/Library/Java/JavaVirtualMachines/temurin-21.jdk/Contents/Home": 21 })).major).toBe(21);
    expect(findJdk(machine({ "/opt/homebrew/opt/openjdk@21/libexec/openjdk.jdk/Contents/Home": 21 })).major).toBe(21);
  });

  test("none is one sentence that says what was found and the remedy", () => {
    expect(() => findJdk(machine({ "/usr/lib/jvm/java-17": 17 }))).toThrow(
      /^the emulators need a JDK 21 or newer and only Java 17 was found\. Install one \(.*JAVA_HOME at it\.$/,
    );
    expect(() => findJdk(machine({}))).toThrow("no Java was found");
  });
});
