import type { AppRoles } from "./kernel/app-roles.js";

/**
 * Permissions and roles that your app adds to Firekeep's (`platform/roles.ts`), such as
 * `permissions: { "photos.review": "Review reported photos" }`, `grants: { moderator: ["photos.review"] }`.
 * Change it, then `npm run rules`: rules, callables and role callables follow. What is not allowed is refused at load.
 */
export const appRoles = { permissions: {}, grants: {} } as const satisfies AppRoles;
