import { expect, test } from "@jest/globals";
import { rolesAllow } from "./roles.js";

test("a role gives its permissions and no others", () => {
  expect(rolesAllow(["user"], "self")).toBe(true);
  expect(rolesAllow(["user"], "security.read")).toBe(false);
  expect(rolesAllow(["analyst"], "security.respond")).toBe(false);
  expect(rolesAllow(["user", "responder"], "security.respond")).toBe(true);
});

test("an unknown role, or a name every object has, gives nothing", () => {
  expect(rolesAllow(["superuser", "constructor", "toString", "__proto__"], "self")).toBe(false);
});
