import { beforeEach, expect, test } from "@jest/globals";
import type { CallableRequest } from "firebase-functions/v2/https";
import type { SecurityEvent } from "../../kernel/event.js";
import type { Policy } from "../../platform/api.js";
import { gateWorld } from "../../platform/gate.fixture.js";
import { bindGate } from "../../platform/gate-ports.js";
import { ROLES } from "../../platform/roles.js";
import { settle } from "../../platform/settle.js";
import { rolesApi } from "./api.js";
import { codeOf } from "./roles.fixture.js";

const told: SecurityEvent[] = [];
beforeEach(() => {
  told.length = 0;
  const { ports } = gateWorld().gate;
  bindGate({ ...ports(), record: async (event) => void told.push(event) });
});

const guarded = Object.entries<Policy>(rolesApi).filter(([key]) => key !== "role-read");
const others = Object.keys(ROLES).filter((role) => role !== "admin");
const request = {
  auth: { uid: "ann" },
  rawRequest: { headers: { "x-forwarded-for": "203.0.113.7" } },
} as unknown as CallableRequest;

test.each(guarded)("%s is refused to every role but admin, and every refusal is told", async (key, policy) => {
  for (const role of others) {
    const { call, bind, world } = gateWorld({ aal: 3, roles: ["user", role] });
    Object.assign(world.stored ?? {}, bind());
    const call_ = { id: `identity-${key}`, clock: () => world.now };
    const refused = settle(call_, request, () => call(policy)).catch((error: unknown) => error);
    expect(await refused).toMatchObject({ code: "permission-denied", details: { code: "request/forbidden" } });
    expect(told.at(-1)).toMatchObject({
      type: { name: "request.denied" },
      outcome: "failure",
      subject: "ann",
      ip: "203.0.113.7",
      detail: { call: `identity-${key}`, code: "request/forbidden" },
    });
  }
  expect(told).toHaveLength(others.length);
});

const DATA: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "role-list": { role: "admin" },
  "role-grant": { uid: "bob", role: "analyst", reason: "A test" },
  "role-revoke": { uid: "bob", role: "analyst", reason: "A test" },
  "role-proposals": {},
  "role-approve": { id: "AAAAAAAAAAAAAAAAAAAAAA", uid: "bob", role: "admin" },
  "role-refuse": { id: "AAAAAAAAAAAAAAAAAAAAAA", uid: "bob", role: "admin" },
};

test.each(guarded)("%s wants more of an administrator than the role", async (key, policy) => {
  expect(policy).toMatchObject({ session: "strict", permission: "admin.users", assurance: 2, proof: true });
  const { call } = gateWorld({ aal: 3, roles: ["user", "admin"] });
  expect(await codeOf(call(policy, { data: DATA[key] ?? {} }))).toBe("request/proof-required");
});

test("what changes something is approved by a second factor for exactly that", () => {
  for (const key of ["role-grant", "role-revoke", "role-approve", "role-refuse"] as const)
    expect(rolesApi[key].stepUp).toBe("identity.roles");
  const wish = { uid: "ann", role: "admin", reason: "Whatever" };
  expect(rolesApi["role-grant"].transaction(wish)).toEqual({ uid: "ann", role: "admin", change: "grant" });
  expect(rolesApi["role-revoke"].transaction(wish)).toEqual({ uid: "ann", role: "admin", change: "revoke" });
  const decision = { id: "AAAAAAAAAAAAAAAAAAAAAA", uid: "ann", role: "admin" };
  expect(rolesApi["role-approve"].transaction(decision)).toEqual({ ...decision, change: "approve" });
  expect(rolesApi["role-refuse"].transaction(decision)).toEqual({ ...decision, change: "refuse" });
});
