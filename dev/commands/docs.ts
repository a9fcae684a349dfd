import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { renderAuthPolicy, type AuthPolicy } from "../docs/auth-policy.ts";
import { renderMarkdown, type JsonSchema, type Reference, type Row } from "../docs/api-reference.ts";
import { renderRoles, type RoleTable } from "../docs/role-table.ts";
import { say } from "../setup/say.mjs";
import { buildFunctions } from "../suite/build.ts";
import { root } from "../suite/paths.ts";
import { runCommand } from "../suite/run-command.ts";

/**
 * npm run docs -- [--check]: writes docs/api.md and docs/api.json from the callables' schemas and docs/auth-policy.md from the
 * configuration in force, or checks that they are up to date.
 */
runCommand(async (args) => {
  await buildFunctions();
  const calls = readCalls();
  const files = {
    "docs/api.md": renderMarkdown(calls),
    "docs/api.json": `${JSON.stringify(calls, null, 2)}\n`,
    "docs/auth-policy.md": renderAuthPolicy(readPolicy(), calls),
    "docs/roles.md": renderRoles(readIfThere("docs/roles.md") ?? "", readRoles(calls)),
  };
  const stale = Object.entries(files).filter(([path, text]) => readIfThere(path) !== text);
  if (args.includes("--check")) {
    for (const [path] of stale) say(`${path} is out of date: run \`npm run docs\`.`);
    return stale.length === 0 ? 0 : 1;
  }
  for (const [path, text] of stale) writeFileSync(join(root, path), text);
  say(`${Object.keys(files).join(", ")}: ${String(calls.length)} callables, ${String(stale.length)} files changed.`);
  return 0;
});

const readCalls = (): Reference[] => {
  const load = createRequire(join(root, "functions/package.json"));
  const { apis } = load("./lib/api.js") as {
    apis: Record<string, Record<string, Row & { input: unknown; output: unknown }>>;
  };
  const { toJSONSchema } = (load("zod") as { z: { toJSONSchema: (schema: unknown, options: object) => JsonSchema } }).z;
  const convert = (schema: unknown, io: "input" | "output"): JsonSchema => {
    return { ...toJSONSchema(schema, { io, unrepresentable: "any" }), $schema: undefined };
  };
  return Object.entries(apis).flatMap(([domain, rows]) =>
    Object.entries(rows).map(([key, { input, output, ...row }]) => ({
      id: `${domain}-${key}`,
      domain,
      row,
      input: convert(input, "input"),
      output: convert(output, "output"),
    })),
  );
};

const readPolicy = (): AuthPolicy => {
  const load = createRequire(join(root, "functions/package.json"));
  const { config } = load("./lib/config.js") as { config: AuthPolicy["config"] };
  const { PROVIDERS } = load("./lib/identity/accounts/providers.js") as { PROVIDERS: AuthPolicy["providers"] };
  return { config, providers: PROVIDERS };
};

const readRoles = (calls: readonly Reference[]): RoleTable => {
  const load = createRequire(join(root, "functions/package.json"));
  const { PERMISSIONS, ROLES } = load("./lib/platform/roles.js") as Record<"PERMISSIONS", Record<string, string>> &
    Record<"ROLES", Record<string, readonly string[]>>;
  const { config } = load("./lib/config.js") as { config: { roles: { twoPerson: readonly string[] } } };
  return { permissions: PERMISSIONS, roles: ROLES, twoPerson: config.roles.twoPerson, calls };
};

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
};
