import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { expect, test } from "@jest/globals";
import { manifest, writeLauncherJar } from "./jar.ts";

const longPath = `/home/${"very-long-".repeat(20)}folder with spaces/emulator.jar`;

test("no manifest line is longer than 72 bytes, and unfolded it names the class path as URLs", () => {
  const text = manifest("com.example.Main", [longPath, "/classes/"]);
  expect(Math.max(...text.split("\r\n").map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(72);
  const unfolded = text.replaceAll("\r\n ", "");
  expect(unfolded).toContain(`Class-Path: file://${longPath.replaceAll(" ", "%20")} file:///classes/\r\n`);
  expect(text.endsWith("\r\n\r\n")).toBe(true);
});

test("the jar is a zip file whose two headers describe the manifest", () => {
  const folder = mkdtempSync(join(tmpdir(), "firekeep-jar-"));
  writeLauncherJar(join(folder, "x.jar"), "Main", ["/a.jar"]);
  const jar = readFileSync(join(folder, "x.jar"));
  rmSync(folder, { recursive: true });
  const content = Buffer.from(manifest("Main", ["/a.jar"]));
  const end = jar.subarray(-22);
  expect(end.readUInt32LE(0)).toBe(0x06054b50);
  const centralAt = end.readUInt32LE(16);
  expect(jar.readUInt32LE(centralAt)).toBe(0x02014b50);
  expect(jar.readUInt32LE(0)).toBe(0x04034b50);
  expect(jar.readUInt32LE(14)).toBe(crc32(content));
  expect(jar.readUInt32LE(centralAt + 16)).toBe(crc32(content));
  expect(jar.readUInt32LE(centralAt + 24)).toBe(content.length);
  const nameLength = jar.readUInt16LE(26);
  expect(jar.subarray(30, 30 + nameLength).toString()).toBe("META-INF/MANIFEST.MF");
  expect(jar.subarray(30 + nameLength, centralAt).equals(content)).toBe(true);
});
