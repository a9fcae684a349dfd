import { randomId, systemRandom } from "../../kernel/random.js";
import { identity, NOW } from "../identity.fixture.js";
import { newAccount } from "../sessions/session-store.js";
import type { RoleDeps } from "./deps.js";
import { memoryRoleStore, type RoleStore } from "./role-store.js";

/** Who may act in the tests: `ada`, `ben` and `cleo` are administrators, `ann` is a user, `gone` is disabled. */
export const rolesWorld = (open?: RoleStore) => {
  const world = identity();
  const store = open ?? memoryRoleStore(world.accounts);
  const deps: RoleDeps = { ...world.deps, roles: store };
  const add = (uid: string, roles: readonly string[] = ["user"], disabled = false) => {
    world.accounts.set(uid, { ...newAccount(NOW), roles });
    world.statuses.set(uid, { disabled, emailVerified: true, tokensValidAfter: 0 });
  };
  for (const uid of ["ada", "ben", "cleo"]) add(uid, ["user", "admin"]);
  add("ann");
  add("gone", ["user", "analyst"], true);
  return { ...world, deps, store, add };
};

export const as = (operator: string) => ({ operator, ip: "203.0.113.7" });

export const request = (uid: string, role: string) => ({ uid, role, reason: "A test" });

export const fresh = (): string => randomId(systemRandom);

/** The public code that a refused call answers. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "went through",
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
