import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { apis } from "../../functions/src/api.js";
import { config } from "../../functions/src/config.js";
import type { Policy } from "../../functions/src/platform/api.js";
import { PERMISSIONS, ROLES } from "../../functions/src/platform/roles.js";
import { renderRoles } from "./role-table.ts";

const calls = Object.entries(apis).flatMap(([domain, rows]) =>
  Object.entries<Policy>(rows).map(([key, row]) => ({ id: `${domain}-${key}`, row })),
);
const table = { permissions: PERMISSIONS, roles: ROLES, twoPerson: config.roles.twoPerson, calls };
const committed = readFileSync(join(import.meta.dirname, "../../docs/roles.md"), "utf8");

test("docs/roles.md says what the code says: else run `npm run docs`", () => {
  expect(renderRoles(committed, table)).toBe(committed);
});

test("a permission that changes hands changes the page", () => {
  const roles = { ...ROLES, support: [...(ROLES["support"] ?? []), "admin.users" as const] };
  expect(renderRoles(committed, { ...table, roles })).not.toBe(committed);
});

test("a page without its marks is not overwritten", () => {
  expect(() => renderRoles("# Roles\n", table)).toThrow(/lost its marks/);
});
