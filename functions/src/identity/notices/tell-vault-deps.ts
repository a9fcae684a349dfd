import { pseudonymOf } from "../../audit/index.js";
import { lazy } from "../../kernel/lazy.js";
import { firestore } from "../../platform/app.js";
import { firestoreRoleStore } from "../roles/role-store.firestore.js";
import { noticesDeps } from "./deps.js";
import type { TellVaultDeps } from "./tell-vault.js";

export const tellVaultDeps = lazy((): TellVaultDeps => {
  const { notify } = noticesDeps();
  return { notify, roles: firestoreRoleStore(firestore), pseudonymOf };
});
