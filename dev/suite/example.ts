import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { setupError } from "../setup/say.mjs";
import { root } from "./paths.ts";

const examplesDir = join(root, "examples");

/** The example apps: each is a folder with a data map. */
export const exampleNames = (): string[] =>
  existsSync(examplesDir)
    ? readdirSync(examplesDir).filter((name) => existsSync(join(examplesDir, name, "data-map.ts")))
    : [];

export const requireExample = (name: string): string => {
  const names = exampleNames();
  if (names.includes(name)) return name;
  throw setupError(`there is no example "${name}". Say --example with one of: ${names.join(", ") || "(none exist)"}.`);
};

export const dataMapFile = (example: string): string => join(examplesDir, example, "data-map.ts");

/** Puts an example's data map in force: it replaces `lib/data-map.js` of this run's copy of the functions. */
export const writeDataMap = (example: string, libDir: string): void => {
  const file = dataMapFile(example);
  if (!existsSync(file)) return;
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
    fileName: file,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  });
  writeFileSync(join(libDir, "data-map.js"), outputText);
};
