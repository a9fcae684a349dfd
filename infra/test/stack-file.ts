import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** What `Pulumi.<stack>.yaml` says under firekeep:stack, unchecked. */
export const stackFile = (stack: string): unknown => {
  const file: unknown = parse(readFileSync(join(__dirname, "..", `Pulumi.${stack}.yaml`), "utf8"));
  const config = property(file, "config");
  return property(config, "firekeep:stack");
};

const property = (of: unknown, key: string): unknown =>
  typeof of === "object" && of !== null
    ? (Object.entries(of).find(([name]) => name === key)?.[1] as unknown)
    : undefined;
