import { describe, expect, test } from "@jest/globals";
import { grantRole, revokeRole } from "../../functions/src/identity/roles/change-role.js";
import { rolesWorld } from "../../functions/src/identity/roles/roles.fixture.js";
import { ROLES } from "../../functions/src/platform/roles.js";
import { carryOut, readWish } from "./change-roles.ts";
import { chooseTarget } from "./target.ts";

describe("where it works", () => {
  const run = { project: "demo-firekeep", env: { FIRESTORE_EMULATOR_HOST: "127.0.0.1:1" } };
  const emulated = { FIRESTORE_EMULATOR_HOST: "127.0.0.1:2", GCLOUD_PROJECT: "demo-test", PUBSUB_EMULATOR_HOST: "x" };

  test("a project that is named is the real one, whatever runs beside it", () => {
    const { project, set, unset } = chooseTarget("shop-prod", emulated, [run]);
    expect({ project, set }).toEqual({
      project: "shop-prod",
      set: { GCLOUD_PROJECT: "shop-prod", GOOGLE_CLOUD_PROJECT: "shop-prod" },
    });
    for (const name of ["FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST"])
      expect(unset).toContain(name);
  });

  test("else the emulators of the environment, else the running demo, else nowhere", () => {
    expect(chooseTarget(undefined, emulated, [run]).project).toBe("demo-test");
    expect(chooseTarget(undefined, {}, [run])).toMatchObject({ project: "demo-firekeep", set: run.env });
    expect(() => chooseTarget(undefined, {}, [])).toThrow(/say which project/);
  });
});

describe("what is wished", () => {
  test("is read from the command line", () => {
    expect(readWish(["grant", "ann@example.org", "admin", "--reason", " Founding team "])).toEqual({
      verb: "grant",
      who: "ann@example.org",
      role: "admin",
      reason: "Founding team",
    });
    expect(readWish(["list", "--project", "shop-prod"])).toEqual({ verb: "list", project: "shop-prod" });
  });

  test.each([
    [["grant", "ann", "admin"], /give a reason/],
    [["revoke", "ann", "admin", "--reason", "x"], /give a reason/],
    [["grant", "ann", "--reason", "Founding team"], /say what to do/],
    [["drop", "ann", "admin", "--reason", "Founding team"], /say what to do/],
    [["grant", "ann", "admin", "more", "--reason", "Founding team"], /say what to do/],
    [[], /say what to do/],
  ])("is refused when it is not whole: %j", (args, says) => {
    expect(() => readWish(args)).toThrow(says);
  });
});

describe("what it does", () => {
  const world = () => {
    const { deps, ...rest } = rolesWorld();
    const lines: string[] = [];
    const backend = { deps, roles: Object.keys(ROLES), grantRole, revokeRole };
    const act = (...args: string[]) => carryOut(backend, readWish(args), (line) => lines.push(line));
    return { ...rest, deps, lines, act };
  };

  test("the first two administrators are appointed, and each appointment is told", async () => {
    const { act, accounts, statuses, told, lines } = world();
    accounts.clear();
    statuses.set("ann", { disabled: false, email: "ann@example.org", emailVerified: true, tokensValidAfter: 0 });
    await act("grant", "ann@example.org", "admin", "--reason", "Founding team");
    await act("grant", "ben", "admin", "--reason", "Founding team");
    expect([...accounts].map(([uid, { roles }]) => [uid, roles])).toEqual([
      ["ann", ["user", "admin"]],
      ["ben", ["user", "admin"]],
    ]);
    expect(told.map(({ type, actor, detail }) => [type.name, actor, detail?.["authority"]])).toEqual(
      Array(2).fill(["identity.role-granted", "system", "owner"]),
    );
    expect(lines[0]).toBe("admin was given to ann@example.org, in all its sessions.");
  });

  test("the last administrator stays, and unknown people and roles are refused", async () => {
    const { act, accounts } = world();
    await act("revoke", "ben", "admin", "--reason", "A drill");
    await act("revoke", "cleo", "admin", "--reason", "A drill");
    await expect(act("revoke", "ada", "admin", "--reason", "A drill")).rejects.toThrow(/Nobody else/);
    await expect(act("grant", "nobody@example.org", "admin", "--reason", "A drill")).rejects.toThrow(/no account/);
    await expect(act("grant", "nobody", "admin", "--reason", "A drill")).rejects.toThrow(/no account/);
    await expect(act("grant", "ann", "root", "--reason", "A drill")).rejects.toThrow(/no such role/);
    expect(accounts.get("ada")?.roles).toContain("admin");
  });

  test("it lists account ids by role, and names nobody", async () => {
    const { act, lines } = world();
    await act("list");
    expect(lines).toContain("admin: ada, ben, cleo");
    expect(lines).toContain("support: nobody");
    expect(lines.join("\n")).not.toMatch(/@|^user:/m);
    await expect(act("list", "root")).rejects.toThrow(/no role root/);
  });
});
