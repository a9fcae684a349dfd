import { appRoles } from "../app-roles.js";
import { config } from "../config.js";
import type { AppRoles } from "../kernel/app-roles.js";
import type { Permission } from "./api.js";

/** What each of Firekeep's own permissions allows. */
const OWN_PERMISSIONS = {
  self: "Use one's own account",
  "accounts.read": "Look up the security state of an account",
  "accounts.reset": "Start the reset of an account's second factors",
  "security.read": "See events, risk decisions and incidents",
  "security.respond": "Open, contain and close incidents",
  "privacy.operate": "Handle data subject requests",
  "vault.open": "Ask for, agree to and open data under the hardware key, two people together",
  "audit.read": "Export and verify the audit log",
  "admin.users": "Change roles and restrict accounts",
  "admin.content": "Review and moderate what people publish",
  "admin.system": "Change how the app is set up",
  "collection.read": "Read collections, one's own and those shared with one",
  "collection.write": "Change one's own collections",
  "collection.delete": "Delete one's own collections",
  "collection.share": "Show one's own collections to others",
} as const satisfies Partial<Record<Permission, string>>;

type OwnPermission = keyof typeof OWN_PERMISSIONS;

const COLLECTOR = ["collection.read", "collection.write", "collection.delete", "collection.share"] as const;

// Least privilege: a role holds what its work needs. An administrator neither reads people's content nor moderates it, nor
// opens the vault, and whoever helps people back into their accounts cannot make administrators. Who needs both, holds both roles.
const OWN_ROLES = {
  user: ["self", ...COLLECTOR],
  premium: ["self", ...COLLECTOR],
  moderator: ["self", "collection.read", "admin.content"],
  support: ["self", "accounts.read", "accounts.reset"],
  analyst: ["self", "security.read"],
  responder: ["self", "security.read", "security.respond"],
  "privacy-officer": ["self", "privacy.operate", "vault.open", "audit.read"],
  admin: [
    "self",
    "accounts.read",
    "accounts.reset",
    "security.read",
    "security.respond",
    "privacy.operate",
    "audit.read",
    "admin.users",
    "admin.system",
  ],
} as const satisfies Record<string, readonly OwnPermission[]>;

/** The table of permissions and roles: Firekeep's, and over it what the app adds. Throws all faults of the app's at once. */
export const withAppRoles = (
  app: AppRoles,
  twoPerson: readonly string[],
): { permissions: Readonly<Record<string, string>>; roles: Readonly<Record<string, readonly string[]>> } => {
  const faults = faultsOf(app, twoPerson);
  if (faults.length > 0) throw new TypeError(`The roles have faults and were not loaded:\n  ${faults.join("\n  ")}`);
  const roles: Record<string, readonly string[]> = { ...OWN_ROLES };
  for (const [role, granted] of Object.entries(app.grants))
    roles[role] = [...new Set([...(roles[role] ?? ["self"]), ...granted])];
  return { permissions: { ...OWN_PERMISSIONS, ...app.permissions }, roles };
};

// With the first, one person could make administrators alone; with the second, make themselves two officers.
const GIVEN_BY_TWO: readonly string[] = ["admin.users", "vault.open"];

const faultsOf = (app: AppRoles, twoPerson: readonly string[]): string[] => {
  const known = new Set([...Object.keys(OWN_PERMISSIONS), ...Object.keys(app.permissions)]);
  const names = new Set([...Object.keys(OWN_ROLES), ...Object.keys(app.grants)]);
  return [
    ...Object.keys(app.permissions).flatMap((name) => [
      ...(PERMISSION.test(name) ? [] : [`permission ${name}: two lower-case words joined by a dot`]),
      ...(Object.hasOwn(OWN_PERMISSIONS, name) ? [`permission ${name}: is Firekeep's own; choose another name`] : []),
    ]),
    ...Object.entries(app.grants).flatMap(([role, granted]) => [
      ...(ROLE.test(role) ? [] : [`role ${role}: lower-case words joined by hyphens, at most 32 characters`]),
      ...granted.filter((name) => !known.has(name)).map((name) => `role ${role}: there is no permission ${name}`),
      ...granted
        .filter((name) => Object.hasOwn(OWN_ROLES, role) && Object.hasOwn(OWN_PERMISSIONS, name))
        .map((name) => `role ${role}: is Firekeep's own and does not gain ${name}; make a role of yours`),
      ...GIVEN_BY_TWO.filter((name) => granted.includes(name) && !twoPerson.includes(role)).map(
        (name) => `role ${role}: holds ${name}, so it must stand in config.roles.twoPerson`,
      ),
    ]),
    ...twoPerson.filter((role) => !names.has(role)).map((role) => `config.roles.twoPerson: there is no role ${role}`),
    ...["admin", "privacy-officer"]
      .filter((role) => !twoPerson.includes(role))
      .map((role) => `config.roles.twoPerson: ${role} must stand in it`),
  ];
};

const ROLE = /^(?=.{2,32}$)[a-z]+(-[a-z]+)*$/;
const PERMISSION = /^[a-z]+\.[a-z]+(-[a-z]+)*$/;

const TABLE = withAppRoles(appRoles, config.roles.twoPerson);

/** What each permission allows. */
export const PERMISSIONS = TABLE.permissions as Readonly<Record<Permission, string>>;

/** Which role holds what. Everyone signed in holds `user`. */
export const ROLES = TABLE.roles as Readonly<Record<string, readonly Permission[]>>;

export const isRole = (name: string): boolean => Object.hasOwn(ROLES, name);

/** What the roles allow together. Unknown roles hold nothing. */
export const permissionsOf = (roles: readonly string[]): readonly Permission[] => [
  ...new Set(roles.flatMap((role) => (isRole(role) ? (ROLES[role] ?? []) : []))),
];

/** Whether any of the roles holds the permission. */
export const rolesAllow = (roles: readonly string[], permission: Permission): boolean =>
  roles.some((role) => isRole(role) && ROLES[role]?.includes(permission) === true);

/** Roles that hold the permission. */
export const rolesWith = (permission: Permission): readonly string[] =>
  Object.keys(ROLES).filter((role) => ROLES[role]?.includes(permission) === true);
