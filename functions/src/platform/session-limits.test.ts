import { expect, test } from "@jest/globals";
import { config } from "../config.js";
import { HOUR, MINUTE } from "../kernel/time.js";
import { ROLES } from "./roles.js";
import { sessionLimits } from "./session-limits.js";

test("everybody has the limits for everybody, an administrator stricter ones", () => {
  expect(sessionLimits(["user"])).toEqual({ idleMs: 15 * MINUTE, absoluteMs: 12 * HOUR });
  expect(sessionLimits(["admin"])).toEqual({ idleMs: 15 * MINUTE, absoluteMs: 8 * HOUR });
});

test("the strictest of several roles applies, and another role takes nothing of it away", () => {
  expect(sessionLimits(["user", "admin", "analyst"]).absoluteMs).toBe(8 * HOUR);
});

test("a role that nobody knows, or a name every object has, changes nothing", () => {
  expect(sessionLimits(["root", "constructor", "__proto__"])).toEqual(sessionLimits([]));
});

test("every role with limits of its own is one that there is", () => {
  expect(Object.keys(ROLES)).toEqual(expect.arrayContaining(Object.keys(config.session.roles)));
});
