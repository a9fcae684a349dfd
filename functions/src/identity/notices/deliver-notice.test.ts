import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { DAY, MINUTE } from "../../kernel/time.js";
import { codeWorld, CONSOLE, tokenIn } from "../codes/codes.fixture.js";
import { sealAddress } from "../addresses/addresses-of.js";
import { NOW } from "../identity.fixture.js";
import { deliverNotice } from "./deliver-notice.js";
import type { Notice } from "./notice.js";
import { itemId, keepNotice } from "./stage-notice.js";
import { sendLetter } from "./send-letter.js";
import { sweepNotices } from "./sweep-notices.js";

const notice = (over: Partial<Notice> = {}): Notice => ({
  id: "factor-added/1",
  uid: "ann",
  kind: "factor-added",
  facts: { method: "totp", device: "Firefox on Linux", country: "DE" },
  ...over,
});

type World = ReturnType<typeof codeWorld>;

const withContact = async (world: World, address: string, confirmed = true) => {
  const place = await sealAddress(world.deps, { uid: "ann", id: address, address });
  await world.contacts.add("ann", { ...place, addedAt: NOW, pendingUntil: NOW + DAY }, { limit: 3, now: NOW });
  if (confirmed) await world.contacts.confirm("ann", address, NOW);
};

const kept = async (world: World, over: Partial<Notice> = {}) => {
  await keepNotice(world.deps, notice(over));
  return itemId(notice(over).id);
};

describe("a notice", () => {
  test("goes to every address of the account, each in a mail of its own", async () => {
    const world = codeWorld();
    await withContact(world, "ann@home.example");
    await withContact(world, "never@confirmed.example", false);
    await kept(world, { alsoTo: ["old@example.org", "ANN@example.org"] });
    expect(await world.deliver()).toEqual(["sent"]);
    expect(world.mails.map(({ to }) => to).sort()).toEqual(["ANN@example.org", "ann@home.example", "old@example.org"]);
    expect(new Set(world.mails.map(({ id }) => id)).size).toBe(3);
  });

  test("is told once, however often it is kept and dispatched", async () => {
    const world = codeWorld();
    const id = await kept(world);
    await kept(world);
    expect(world.queued).toEqual([id]);
    await Promise.all([deliverNotice(world.deps, id), deliverNotice(world.deps, id), deliverNotice(world.deps, id)]);
    expect(await deliverNotice(world.deps, id)).toBe("elsewhere");
    expect(world.mails).toHaveLength(1);
  });

  test("leaves kind, account, time and counts behind, and nothing of what it said", async () => {
    const world = codeWorld();
    const id = await kept(world);
    expect(JSON.stringify(world.outbox.items.get(id))).not.toMatch(/example|Firefox|totp/);
    await world.deliver();
    expect(world.outbox.items.get(id)).toEqual({
      id,
      uid: "ann",
      kind: "factor-added",
      at: NOW,
      state: "sent",
      attempts: 0,
      accepted: 1,
      refused: 0,
      done: {},
    });
  });

  test("that one address could not take is tried again for that one only", async () => {
    const world = codeWorld();
    await withContact(world, "ann@home.example");
    const id = await kept(world);
    world.next("accepted", new Error("451"));
    await expect(world.deliver()).rejects.toMatchObject({ code: "identity/mail-failed" });
    expect(world.outbox.items.get(id)).toMatchObject({ state: "pending", attempts: 1, dueAt: NOW + 20_000 });
    expect(await deliverNotice(world.deps, id)).toBe("sent");
    expect(world.mails.map(({ to }) => to)).toEqual(["ann@example.org", "ann@home.example"]);
    expect(world.outbox.items.get(id)).toMatchObject({ accepted: 2, refused: 0 });
  });

  test("that an address refuses for good is not tried there again, and the log tells of it", async () => {
    const world = codeWorld();
    await withContact(world, "ann@home.example");
    await kept(world);
    world.next("refused", "accepted");
    expect(await world.deliver()).toEqual(["sent"]);
    expect(world.told).toMatchObject([
      {
        type: { name: "identity.notice-abandoned" },
        severity: "low",
        subject: "ann",
        detail: { accepted: 1, refused: 1 },
      },
    ]);
  });

  test("that nobody took for a day is given up, which is an event of high severity", async () => {
    const world = codeWorld();
    const id = await kept(world);
    const pauses: number[] = [];
    for (let attempt = 1; attempt < config.mail.attempts; attempt += 1) {
      world.next(new Error("no route"));
      await expect(deliverNotice(world.deps, id)).rejects.toMatchObject({ code: "identity/mail-failed" });
      pauses.push((world.outbox.items.get(id)?.dueAt ?? 0) - NOW);
    }
    expect(pauses.slice(0, 4)).toEqual([20_000, 40_000, 80_000, 160_000]);
    expect(Math.max(...pauses)).toBe(config.mail.longestPauseMs);
    world.next(new Error("no route"));
    expect(await deliverNotice(world.deps, id)).toBe("dead");
    const [event] = world.told;
    expect(event).toMatchObject({ type: { name: "identity.notice-abandoned", severity: "high" }, outcome: "failure" });
    expect(event).not.toHaveProperty("severity");
    expect(world.outbox.items.get(id)).not.toHaveProperty("content");
  });

  test("waits where there is no mail server, which is said once and counts as no attempt", async () => {
    const world = codeWorld({}, { mailer: undefined });
    const id = await kept(world);
    expect(await world.deliver()).toEqual(["waiting"]);
    expect(await deliverNotice(world.deps, id)).toBe("waiting");
    expect(world.logged.filter(({ level }) => level === "WARNING")).toHaveLength(1);
    expect(world.outbox.items.get(id)).toMatchObject({ state: "pending", attempts: 0 });
    expect(world.outbox.items.get(id)).toHaveProperty("content");
  });

  test("logs no address, whatever goes wrong", async () => {
    const world = codeWorld();
    await kept(world, { alsoTo: ["old@example.org"] });
    world.next(new Error("451"), "refused");
    await expect(world.deliver()).rejects.toThrow();
    expect(JSON.stringify([world.logged, world.told])).not.toMatch(/example\.org/);
  });

  test("for an account without an address is nobody's, and done", async () => {
    const world = codeWorld();
    await kept(world, { uid: "nobody" });
    expect(await world.deliver()).toEqual(["sent"]);
    expect(world.told).toEqual([]);
  });
});

describe("the sweeper", () => {
  test("queues what was kept and never queued, from a minute on", async () => {
    const world = codeWorld();
    const lost = { ...world.deps, enqueue: () => Promise.reject(new Error("the queue is down")) };
    await keepNotice(lost, notice());
    world.time.now += MINUTE - 1;
    expect(await sweepNotices(world.deps)).toBe(0);
    world.time.now += 1;
    expect(await sweepNotices(world.deps)).toBe(1);
    expect(await world.deliver()).toEqual(["sent"]);
    world.time.now += DAY;
    expect(await sweepNotices(world.deps)).toBe(0);
  });

  test("takes a mail over from a worker that died with it, when its lease is over", async () => {
    const world = codeWorld();
    const id = await kept(world);
    await world.outbox.claim(id, { now: NOW, until: NOW + 5 * MINUTE });
    world.time.now += 5 * MINUTE;
    expect(await sweepNotices(world.deps)).toBe(0);
    world.time.now += MINUTE;
    world.queued.length = 0;
    expect(await sweepNotices(world.deps)).toBe(1);
    expect(await world.deliver()).toEqual(["sent"]);
  });
});

describe("a letter with a secret", () => {
  test("goes to the account's own address, or to the recovery addresses, and says whether there is one", async () => {
    const world = codeWorld();
    const letter = { id: "r/1", uid: "ann", to: "primary", kind: "recovery-link", secret: "s".repeat(43) } as const;
    expect(await sendLetter(world.deps, letter)).toBe(true);
    expect(await sendLetter(world.deps, letter)).toBe(true);
    expect(await sendLetter(world.deps, { ...letter, id: "r/2", to: "recovery" })).toBe(false);
    await withContact(world, "ann@home.example");
    expect(
      await sendLetter(world.deps, { ...letter, id: "r/3", to: "recovery", kind: "recovery-code", secret: "12345678" }),
    ).toBe(true);
    expect(await sendLetter(world.deps, { ...letter, id: "r/4", uid: "nobody" })).toBe(false);
    expect(JSON.stringify([...world.outbox.items.values()])).not.toContain("ssss");
    expect(await world.deliver()).toEqual(["sent", "sent"]);
    const [link, code] = world.mails;
    expect(link).toMatchObject({ to: "ann@example.org" });
    expect(link?.text).toContain(`${CONSOLE}/#/recover/${"s".repeat(43)}`);
    expect(tokenIn(link)).toBe("s".repeat(43));
    expect(code).toMatchObject({ to: "ann@home.example" });
    expect(code?.text).toContain("Code: 12345678");
    expect(code?.text).not.toContain("http");
    expect(code).not.toHaveProperty("html");
  });
});
