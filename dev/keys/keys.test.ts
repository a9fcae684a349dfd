import { describe, expect, test } from "@jest/globals";
import { keyStatus } from "../../functions/src/encryption/rotation/key-status.js";
import { KEPT, populate, rotationWorld, workOff } from "../../functions/src/encryption/rotation/rotation.fixture.js";
import * as start from "../../functions/src/encryption/rotation/start-rotation.js";
import { HOUR } from "../../functions/src/kernel/time.js";
import { carryOut } from "./carry-out.ts";
import type { Keks } from "./keks.ts";
import { dollarsOf, rewrapWork } from "./prices.ts";
import { readWish } from "./wishes.ts";

describe("what is wished", () => {
  test("is read from the command line", () => {
    expect(readWish(["status"])).toEqual({ verb: "status" });
    expect(readWish(["rotate", "data", "--project", "shop"])).toEqual({ verb: "rotate-data", project: "shop" });
    expect(readWish(["rotate", "index", "finish", "--lose", "2"])).toMatchObject({ phase: "finish", lose: 2 });
    expect(readWish(["kek", "new", "red@us-east1"])).toMatchObject({ act: "new", key: "red@us-east1" });
    expect(readWish(["kek", "destroy", "index", "3", "--yes"])).toMatchObject({
      act: "destroy",
      version: "3",
      yes: true,
    });
  });

  test.each([
    [[]],
    [["rotate"]],
    [["rotate", "index"]],
    [["rotate", "index", "back"]],
    [["rewrap", "now"]],
    [["kek", "new", "red", "1"]],
    [["kek", "destroy", "red"]],
    [["kek", "disable", "audit", "1"]],
    [["kek", "melt", "red", "1"]],
  ])("is refused when it is not whole: %j", (args) => {
    expect(() => readWish(args)).toThrow(/say what to do/);
  });
});

/** The command over memory: its lines, and what it asked of KMS. */
const command = () => {
  const world = rotationWorld();
  const lines: string[] = [];
  const asked: string[] = [];
  const keks: Keks = {
    list: () =>
      Promise.resolve([
        {
          key: "red",
          version: 1,
          state: "ENABLED",
          protection: "SOFTWARE",
          primary: true,
          createdAt: world.time.now - 72 * HOUR,
        },
      ]),
    renew: () => Promise.resolve(world.kmsState.rotate({ ring: "red", key: "fields" })),
    change: (act, key, version) => {
      asked.push(`${act} ${key} ${version}`);
      return Promise.resolve("DISABLED");
    },
  };
  const act = async (...args: string[]) => {
    lines.length = 0;
    const backend = { deps: world.instance(), keks: () => keks, keyStatus, start };
    await carryOut(backend, readWish(args), (line) => lines.push(line));
    return lines.join("\n");
  };
  return { world, act, asked };
};

describe("what it does", () => {
  test("shows epochs, versions, counts and ages, and the progress of a sweep in percent; nobody's name", async () => {
    const { world, act } = command();
    await populate(world, 4);
    expect(await act("status")).toContain("no sweep has run yet");
    await act("rotate", "data");
    const before = await act("status");
    expect(before).toMatch(/epoch 2, 0 h ago; 4 subjects, 4 of them with keys of older epochs/);
    expect(before).toMatch(/people: 4 documents of older epochs/);
    expect(before).toMatch(/reseal: running, 0 % \(0 of 12\)/);
    expect(before).toMatch(/KMS red version 1: ENABLED, primary, SOFTWARE, 3 days ago/);
    await workOff(world);
    expect(await act("status")).toMatch(/reseal: done, 100 % \(16 of 16\), round 3/);
    expect(before).not.toMatch(/u0000/);
  });

  test("says what keys and rotations cost, by a dated table", async () => {
    const { world, act } = command();
    await populate(world, 2);
    const cost = await act("cost");
    expect(cost).toMatch(/^1 versions of KMS keys: \$0\.0600 a month$/m);
    expect(cost).toMatch(/list prices of \d{4}-\d\d-\d\d/);
    // 2 operations each at $0.03 for 10 000, one read and one write each.
    expect(dollarsOf(rewrapWork(1_000_000, 1_000_000))).toBeCloseTo(6 + 0.6 + 1.8);
  });

  test("destroys a version of a KMS key only when nothing is wrapped by it, and only when told so in so many words", async () => {
    const { world, act, asked } = command();
    await populate(world, 3);
    await expect(act("kek", "destroy", "red", "1", "--yes")).rejects.toThrow(/3 keys are wrapped by version 1/);
    await expect(act("kek", "destroy", "index", "1", "--yes")).rejects.toThrow(/1 keys are wrapped/);
    expect(await act("kek", "new", "red")).toMatch(/version 2 of red encrypts/);
    await act("rewrap");
    await workOff(world);
    await expect(act("kek", "destroy", "red", "1")).rejects.toThrow(/say --yes/);
    expect(asked).toEqual([]);
    await act("kek", "destroy", "red", "1", "--yes");
    expect(asked).toEqual(["destroy red 1"]);
  });

  test("destroys data keys of older epochs only with --yes, and moves index keys phase by phase", async () => {
    const { world, act } = command();
    await populate(world, 2);
    await act("rotate", "data");
    await workOff(world);
    world.time.now += KEPT;
    await expect(act("retire")).rejects.toThrow(/say --yes/);
    await act("retire", "--yes");
    expect(await act("rotate", "index", "prepare")).toMatch(/new root is being made/);
    await workOff(world);
    await expect(act("rotate", "index", "switch")).rejects.toMatchObject({ code: "encryption/rotation-too-early" });
    expect(await act("status")).toMatch(/index keys: prepared; root 1 writes, 1 and 2 read/);
  });
});
