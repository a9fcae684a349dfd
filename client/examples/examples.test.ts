import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const file = (path: string): string => join(__dirname, path);

// The examples are compiled with everything else; the page shows them as they are.
test("docs/files.md shows the examples that the compiler checks, with the package's own import paths", () => {
  const page = readFileSync(file("../../docs/files.md"), "utf8");
  const shown = page.replaceAll(/```ts ([\w-]+)\n[^]*?```/g, (_, name: string) => {
    const source = readFileSync(file(`${name}.ts`), "utf8");
    return `\`\`\`ts ${name}\n${source.replaceAll(/"\.\.\/src\/(?:(\w+)\/)?index\.ts"/g, asPackage)}\`\`\``;
  });
  if (process.env["FIREKEEP_UPDATE_GOLDEN"] === "1") writeFileSync(file("../../docs/files.md"), shown);
  expect(page).toBe(shown);
});

const asPackage = (_: string, folder: string | undefined): string =>
  folder === undefined ? '"firekeep-client"' : `"firekeep-client/${folder}"`;
