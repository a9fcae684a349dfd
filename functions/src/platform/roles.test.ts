import { describe, expect, test } from "@jest/globals";
import { config } from "../config.js";
import type { AppRoles } from "../kernel/app-roles.js";
import { permissionsOf, PERMISSIONS, ROLES, rolesAllow, rolesWith, withAppRoles } from "./roles.js";

test("a role gives its permissions and no others", () => {
  expect(rolesAllow(["user"], "self")).toBe(true);
  expect(rolesAllow(["user"], "security.read")).toBe(false);
  expect(rolesAllow(["analyst"], "security.respond")).toBe(false);
  expect(rolesAllow(["user", "responder"], "security.respond")).toBe(true);
});

test("an unknown role, or a name every object has, gives nothing", () => {
  const names = ["superuser", "constructor", "toString", "__proto__"];
  expect(rolesAllow(names, "self")).toBe(false);
  expect(permissionsOf(names)).toEqual([]);
});

test("only an administrator changes roles: support, moderators and officers do not", () => {
  expect(rolesWith("admin.users")).toEqual(["admin"]);
  expect(ROLES["support"]).toEqual(["self", "accounts.read", "accounts.reset"]);
});

test("an administrator does not read or moderate people's content, nor open the vault, by being one", () => {
  for (const permission of [
    "vault.open",
    "admin.content",
    "collection.read",
    "collection.write",
    "collection.delete",
  ] as const)
    expect(rolesAllow(["admin"], permission)).toBe(false);
});

test("every role may use its own account, and every permission is held by somebody", () => {
  for (const role of Object.keys(ROLES)) expect(rolesAllow([role], "self")).toBe(true);
  for (const permission of Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[])
    expect([permission, rolesWith(permission).length > 0]).toEqual([permission, true]);
});

test("whoever could make administrators, or open the vault, is only made by two", () => {
  for (const role of [...rolesWith("admin.users"), ...rolesWith("vault.open")])
    expect(config.roles.twoPerson).toContain(role);
});

describe("what an app adds", () => {
  const twoPerson = ["admin", "privacy-officer"];

  test("is laid over Firekeep's table", () => {
    const app = {
      permissions: { "photos.review": "Review reported photos" },
      grants: { moderator: ["photos.review"], curator: ["photos.review", "security.read"] },
    } as const;
    const { permissions, roles } = withAppRoles(app, twoPerson);
    expect(permissions["photos.review"]).toBe("Review reported photos");
    expect(roles["moderator"]).toEqual([...(ROLES["moderator"] ?? []), "photos.review"]);
    expect(roles["curator"]).toEqual(["self", "photos.review", "security.read"]);
    expect(roles["admin"]).toEqual(ROLES["admin"]);
  });

  test.each<[string, AppRoles, RegExp]>([
    [
      "a permission of Firekeep's",
      { permissions: { "admin.users": "x" }, grants: {} },
      /admin\.users: is Firekeep's own/,
    ],
    ["a permission in one word", { permissions: { "Photos.": "x" }, grants: {} }, /Photos\.: two lower-case words/],
    [
      "a grant of what is not there",
      { permissions: {}, grants: { curator: ["photos.look"] } },
      /no permission photos\.look/,
    ],
    [
      "more for a role of Firekeep's",
      { permissions: {}, grants: { support: ["security.read"] } },
      /support: .* does not gain security\.read/,
    ],
    ["another administrator", { permissions: {}, grants: { owner: ["admin.users"] } }, /owner: holds admin\.users/],
    ["another officer", { permissions: {}, grants: { notary: ["vault.open"] } }, /notary: holds vault\.open/],
    ["a name in capitals", { permissions: {}, grants: { Curator: [] } }, /role Curator: lower-case/],
    ["an object's own name", { permissions: {}, grants: { ["__proto__"]: ["self"] } }, /role __proto__: lower-case/],
  ])("is refused with %s", (_, app, says) => {
    expect(() => withAppRoles(app, twoPerson)).toThrow(says);
  });

  test("cannot take admin out of the two-person rule, nor name a role in it that is not there", () => {
    const nothing = { permissions: {}, grants: {} };
    expect(() => withAppRoles(nothing, ["privacy-officer"])).toThrow(/admin must stand in it/);
    expect(() => withAppRoles(nothing, ["admin"])).toThrow(/privacy-officer must stand in it/);
    expect(() => withAppRoles(nothing, ["admin", "boss"])).toThrow(/there is no role boss/);
  });

  test("is refused with all its faults at once", () => {
    const wrong = { permissions: {}, grants: { Curator: ["photos.look"], owner: ["admin.users"] } };
    expect(() => withAppRoles(wrong, twoPerson)).toThrow(/Curator: lower[\s\S]*photos\.look[\s\S]*owner: holds/);
  });
});
