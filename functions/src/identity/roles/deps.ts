import { lazy } from "../../kernel/lazy.js";
import { firestore } from "../../platform/app.js";
import { deps, type IdentityDeps } from "../deps.js";
import type { RoleStore } from "./role-store.js";
import { firestoreRoleStore } from "./role-store.firestore.js";

/** What the use cases of roles work with. */
export interface RoleDeps extends Pick<IdentityDeps, "directory" | "record" | "notify" | "clock" | "random"> {
  readonly roles: RoleStore;
}

export const roleDeps = lazy((): RoleDeps => ({ ...deps(), roles: firestoreRoleStore(firestore) }));
