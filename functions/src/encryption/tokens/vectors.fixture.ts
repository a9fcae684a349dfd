import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "../../../../../shared/vectors/crypto");

/** A file of published test vectors; undefined, with a line that nobody overlooks, where they are not at hand. */
export const readVectors = (file: string): unknown => {
  const path = join(folder, file);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8"));
  process.stderr.write(
    `\n!!! SKIPPED: no published vectors at ../shared/vectors/crypto/${file}; this run proves less\n\n`,
  );
  return undefined;
};
