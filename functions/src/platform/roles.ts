import type { Permission } from "./api.js";

/** What each permission allows. */
export const PERMISSIONS = {
  self: "Use one's own account",
  "security.read": "See events, risk decisions and incidents",
  "security.respond": "Open, contain and close incidents",
  "privacy.operate": "Handle data subject requests",
  "audit.read": "Export and verify the audit log",
  "admin.users": "Change roles and restrict accounts",
} as const satisfies Record<Permission, string>;

/** Which role holds what. Everyone signed in holds `user`. */
export const ROLES = {
  user: ["self"],
  analyst: ["self", "security.read"],
  responder: ["self", "security.read", "security.respond"],
  "privacy-officer": ["self", "privacy.operate", "audit.read"],
  admin: ["self", "security.read", "security.respond", "privacy.operate", "audit.read", "admin.users"],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof ROLES;

export const isRole = (name: string): name is Role => Object.hasOwn(ROLES, name);

/** Whether any of the roles holds the permission. Unknown roles hold nothing. */
export const rolesAllow = (roles: readonly string[], permission: Permission): boolean =>
  roles.some((role) => isRole(role) && (ROLES[role] as readonly Permission[]).includes(permission));
