import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";

/**
 * Writes a jar that holds only a manifest: `java -jar` then starts `mainClass` with that class path.
 * The Cloud SDK's emulator jars name no main class, and the Firebase CLI starts everything with `-jar`.
 */
export const writeLauncherJar = (file: string, mainClass: string, classPath: string[]): void => {
  writeFileSync(file, zipOne("META-INF/MANIFEST.MF", Buffer.from(manifest(mainClass, classPath))));
};

/** JAR manifest: lines of at most 72 bytes, continued after a space; folders of a class path end in `/`. */
export const manifest = (mainClass: string, classPath: string[]): string => {
  const urls = classPath.map((entry) => pathToFileURL(entry).href);
  const lines = ["Manifest-Version: 1.0", `Main-Class: ${mainClass}`, `Class-Path: ${urls.join(" ")}`];
  return `${lines.map(fold).join("\r\n")}\r\n\r\n`;
};

const fold = (line: string): string => {
  const rest = line.slice(70).match(/.{1,69}/g) ?? [];
  return [line.slice(0, 70), ...rest].join("\r\n ");
};

/** A zip file with one stored (not compressed) entry. APPNOTE.TXT 4.3. */
const zipOne = (name: string, content: Buffer): Buffer => {
  const nameBytes = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0); // version needed
  common.writeUInt16LE(0x21, 8); // date: 1980-01-01, so that equal content gives an equal file
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(nameBytes.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, nameBytes, content]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), common, Buffer.alloc(14), nameBytes]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from("PK\x05\x06"), end]);
};
