import { describe, expect, test } from "@jest/globals";
import { DAY } from "../../kernel/time.js";
import { codeWorld, tokenIn } from "../codes/codes.fixture.js";
import { findBlock } from "../accounts/block-access.js";
import { NOW, SID, storedSession } from "../identity.fixture.js";
import { denyNotice } from "./deny-notice.js";
import type { NoticeKind } from "./notice.js";
import { keepNotice } from "./stage-notice.js";

const OTHER = "sid-other-456789abcdefg";

const told = async (kind: NoticeKind, sid?: string) => {
  const world = codeWorld();
  for (const each of [SID, OTHER]) {
    const build = () => storedSession({ sid: each });
    await world.deps.sessions.start({ uid: "ann", sid: each, signedInAt: NOW, at: NOW, build });
  }
  await keepNotice(world.deps, { id: "n/1", uid: "ann", kind, ...(sid !== undefined && { sid }), facts: {} });
  await world.deliver();
  world.told.length = 0;
  const live = async () => (await world.deps.sessions.listLive("ann", world.time.now)).map((each) => each.sid);
  return { ...world, live, token: tokenIn(world.mails[0]) };
};

describe("this was not me", () => {
  test("ends the session that the notice was about, Firebase's refresh tokens, and keeps its network away", async () => {
    const world = await told("new-device", SID);
    // The other one is elsewhere: a block of account and network would end it too.
    await world.deps.sessions.revoke(OTHER, { uid: "ann", at: NOW, because: "test" });
    await world.deps.sessions.start({
      uid: "ann",
      sid: `${OTHER}2`,
      signedInAt: NOW,
      at: NOW,
      build: () => storedSession({ sid: `${OTHER}2`, networkPrefix: "198.51.100.0/24" }),
    });
    expect(await denyNotice(world.deps, world.token)).toEqual({ ended: true });
    expect(await world.live()).toEqual([`${OTHER}2`]);
    expect(world.statuses.get("ann")?.tokensValidAfter).toBe(NOW);
    expect(await findBlock(world.deps, { uid: "ann", networkPrefix: "203.0.113.0/24" }, NOW)).toMatchObject({
      reason: "denied",
    });
    expect(await findBlock(world.deps, { uid: "ann" }, NOW)).toBeUndefined();
    expect(world.told.at(-1)).toMatchObject({
      type: { name: "identity.notice-denied", severity: "high" },
      subject: "ann",
      session: SID,
      detail: { kind: "new-device", all: false },
    });
  });

  test.each([
    "factor-added",
    "factor-removed",
    "password-changed",
    "email-changed",
    "recovery-used",
    "address-added",
  ] as const)("ends every session after %s, whichever it was done in", async (kind) => {
    const world = await told(kind, SID);
    expect(await denyNotice(world.deps, world.token)).toEqual({ ended: true });
    expect(await world.live()).toEqual([]);
  });

  test("is in no mail that is about no session and no change to what opens the account", async () => {
    expect((await told("codes-low")).token).toBe("");
    expect((await told("role-changed")).token).toBe("");
    expect((await told("password-changed")).token).not.toBe("");
  });

  test("has one effect, however often the button is pressed, and goes on to say that it is done", async () => {
    const world = await told("password-changed", SID);
    await denyNotice(world.deps, world.token);
    const events = world.told.length;
    expect(await denyNotice(world.deps, world.token)).toEqual({ ended: true });
    expect(world.told).toHaveLength(events);
  });

  test("has one effect even when a second press was looked up before the first one ended", async () => {
    const world = await told("password-changed", SID);
    const { challenges } = world.deps;
    const slow = {
      ...challenges,
      consume: async (id: string, now: number) => {
        expect(await denyNotice(world.deps, world.token)).toEqual({ ended: true });
        return challenges.consume(id, now);
      },
    };
    expect(await denyNotice({ ...world.deps, challenges: slow }, world.token)).toEqual({ ended: false });
    expect(world.told.filter(({ type }) => type.name === "identity.notice-denied")).toHaveLength(1);
  });

  test("does nothing after seven days, with a wrong token, or with the token of something else", async () => {
    const world = await told("password-changed", SID);
    const challenge = { uid: "ann", attempts: 0, expiresAt: NOW + DAY, purpose: "recovery.link", facts: {} };
    const { createHash } = await import("node:crypto");
    await world.deps.challenges.put(createHash("sha256").update("x").digest("base64url"), challenge);
    expect(await denyNotice(world.deps, "x")).toEqual({ ended: false });
    expect(await denyNotice(world.deps, "t".repeat(43))).toEqual({ ended: false });
    world.time.now += 7 * DAY;
    expect(await denyNotice(world.deps, world.token)).toEqual({ ended: false });
    expect(world.told).toEqual([]);
  });

  test("stops what else is under way, and can be pressed again when that fails", async () => {
    const world = await told("recovery-started");
    const stopped: string[] = [];
    const failing = { ...world.deps, whenDenied: [() => Promise.reject(new Error("down"))] };
    await expect(denyNotice(failing, world.token)).rejects.toThrow("down");
    const working = { ...world.deps, whenDenied: [async (uid: string) => void stopped.push(uid)] };
    expect(await denyNotice(working, world.token)).toEqual({ ended: true });
    expect(stopped).toEqual(["ann"]);
  });

  test("is kept as a hash: nothing stored is the token", async () => {
    const world = await told("password-changed", SID);
    expect(world.token).toHaveLength(43);
    expect(await world.deps.challenges.find(world.token, NOW)).toBeUndefined();
    expect(JSON.stringify([...world.outbox.items.values()])).not.toContain(world.token);
  });
});
