import { describe, expect, test } from "@jest/globals";
import { systemRandom } from "../../kernel/random.js";
import { fakeEncryption } from "../identity.fixture.js";
import { ownRecovery, requestedReset } from "./recovery-store.contract.js";
import { disownToken, hashCode, newCode, newToken, readDisownToken } from "./secrets.js";
import { idOf, slotOf } from "./recovery.js";

const deps = { encryption: fakeEncryption() };

describe("the mailed secrets", () => {
  test("are 256 bits for a link and eight digits for a code", () => {
    expect(newToken(systemRandom)).toMatch(/^[\w-]{43}$/);
    for (let index = 0; index < 200; index += 1) expect(newCode(systemRandom)).toMatch(/^\d{8}$/);
  });

  test("have no digit that is likelier: a draw from the unfair end is drawn again", () => {
    const draws = [0xff_ff_ff_ff, 4_200_000_000, 99_999_999];
    const bytes = () => {
      const drawn = Buffer.alloc(4);
      drawn.writeUInt32BE(draws.shift() ?? 0);
      return drawn;
    };
    expect(newCode(bytes)).toBe("99999999");
    expect(draws).toEqual([]);
  });

  test("count for one account and one round only", async () => {
    const hash = await hashCode(deps, { uid: "ann", round: "1" }, "12345678");
    expect(await hashCode(deps, { uid: "ann", round: "1" }, "12345678")).toBe(hash);
    expect(await hashCode(deps, { uid: "ann", round: "2" }, "12345678")).not.toBe(hash);
    expect(await hashCode(deps, { uid: "eve", round: "1" }, "12345678")).not.toBe(hash);
  });
});

describe("a disowning token", () => {
  test("is the same for the same recovery, and names it", async () => {
    const reset = requestedReset({ round: "A".repeat(22) });
    const token = await disownToken(deps, reset);
    expect(await disownToken(deps, { ...reset, state: "held", runsAt: 1 })).toBe(token);
    expect(await readDisownToken(deps, token)).toEqual({ slot: slotOf("reset", "ann"), round: reset.round });
  });

  test("is good for no other account, kind or round, and cannot be made without the key", async () => {
    const reset = requestedReset({ round: "A".repeat(22) });
    const mac = (await disownToken(deps, reset)).split(".")[2] ?? "";
    const others = [ownRecovery({ round: reset.round }), { ...reset, uid: "eve" }, { ...reset, round: "B".repeat(22) }];
    for (const other of others) expect(await readDisownToken(deps, `${idOf(other)}.${mac}`)).toBeUndefined();
    const elsewhere = await disownToken({ encryption: fakeEncryption() }, reset);
    expect(await readDisownToken(deps, elsewhere)).toBeUndefined();
  });
});
