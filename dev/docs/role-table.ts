import type { Reference } from "./api-reference.ts";

/** Roles and permissions as the code has them. */
export interface RoleTable {
  readonly permissions: Readonly<Record<string, string>>;
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly twoPerson: readonly string[];
  readonly calls: readonly Pick<Reference, "id" | "row">[];
}

/** `docs/roles.md` with the tables between its marks made anew; the rest is left as it was written. */
export const renderRoles = (text: string, table: RoleTable): string => {
  const parts = { permissions: permissionTable(table), roles: roleTable(table) };
  return Object.entries(parts).reduce((before, [name, made]) => replaceBetween(before, name, made), text);
};

const replaceBetween = (text: string, name: string, made: string): string => {
  const [begin, end] = [`<!-- ${name}: made by npm run docs -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/roles.md has lost its marks: ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${made}\n\n${text.slice(to)}`;
};

const permissionTable = ({ permissions, roles, calls }: RoleTable): string =>
  table(
    ["permission", "allows", "held by", "callables that ask for it"],
    Object.entries(permissions).map(([name, allows]) => [
      code(name),
      allows,
      Object.keys(roles)
        .filter((role) => roles[role]?.includes(name) === true)
        .join(", "),
      calls
        .filter(({ row }) => row.permission === name)
        .map(({ id }) => code(id))
        .join(", "),
    ]),
  );

const roleTable = ({ roles, twoPerson }: RoleTable): string =>
  table(
    ["role", "holds", "given by"],
    Object.entries(roles).map(([role, held]) => [
      code(role),
      held.map(code).join(", "),
      role === "user" ? "everyone has it" : twoPerson.includes(role) ? "two administrators" : "an administrator",
    ]),
  );

const code = (name: string): string => `\`${name}\``;

/** A table as Prettier writes it: cells as wide as the widest of their column. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) => Math.max(title.length, 3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
};
