import { describe, expect, test } from "@jest/globals";
import type { AuthBlockingEvent } from "firebase-functions/v2/identity";
import { config } from "../../config.js";
import { HOUR } from "../../kernel/time.js";
import { memoryPermitStore } from "../../platform/permit-store.js";
import { rateLimiter } from "../../platform/rate-limit.js";
import { identity } from "../identity.fixture.js";
import { admitSms, type SmsDeps } from "./admit-sms.js";

// As Identity Platform sends it: no account, no second factor's name. The emulator fires no such trigger.
const event = (over: { phone?: string | undefined; ip?: string; type?: AuthBlockingEvent["smsType"] } = {}) =>
  ({
    eventType: "providers/cloud.auth/eventTypes/user.beforeSendSms",
    ipAddress: over.ip ?? "203.0.113.7",
    userAgent: "Dalvik/2.1.0",
    smsType: over.type ?? "SIGN_IN_OR_SIGN_UP",
    additionalUserInfo: { isNewUser: false, phoneNumber: "phone" in over ? over.phone : "+4915123456789" },
  }) as unknown as AuthBlockingEvent;

const phone = (index: number) => `+49151${String(index).padStart(4, "0")}56789`;
const ip = (index: number) => `198.51.${String(index % 250)}.${String(Math.floor(index / 250))}`;

const sms = (over: Partial<SmsDeps> = {}) => {
  const world = identity();
  const { encryption, record, clock } = world.deps;
  const deps: SmsDeps = {
    encryption,
    record,
    limiter: rateLimiter({ permits: memoryPermitStore(), clock }),
    ...over,
  };
  const sent = (over?: Parameters<typeof event>[0]) =>
    admitSms(deps, event(over)).then(
      () => true,
      (error: unknown) => (error as { code: string }).code,
    );
  return { ...world, deps, sent };
};

const many = async <Answer>(count: number, run: (index: number) => Promise<Answer>): Promise<Answer[]> => {
  const answers = [];
  for (let index = 0; index < count; index += 1) answers.push(await run(index));
  return answers;
};

describe("messages in an hour", () => {
  test("to one range of numbers: five, wherever they are asked for; then one every twelve minutes", async () => {
    const { sent, time } = sms();
    const answers = await many(7, (index) => sent({ phone: `+4915123450${String(100 + index)}`, ip: ip(index) }));
    expect(answers).toEqual([true, true, true, true, true, "identity/sms-refused", "identity/sms-refused"]);
    time.now += HOUR / 5;
    expect(await sent({ phone: "+4915123450999", ip: ip(99) })).toBe(true);
    expect(await sent({ phone: "+4915123450999", ip: ip(98) })).toBe("identity/sms-refused");
  });

  test("from one network: five, whatever the numbers and the address within it", async () => {
    const { sent } = sms();
    const answers = await many(6, (index) => sent({ phone: phone(index), ip: `203.0.113.${String(index)}` }));
    expect(answers).toEqual([true, true, true, true, true, "identity/sms-refused"]);
    expect(await sent({ phone: phone(7), ip: "203.0.114.1" })).toBe(true);
  });

  test("of the whole project: as many as configured", async () => {
    const { sent } = sms();
    const budget = config.sms.perHour.project["sign-up"];
    const answers = await many(budget + 3, (index) => sent({ phone: phone(index), ip: ip(index) }));
    expect(answers.filter((answer) => answer === true)).toHaveLength(budget);
    expect(answers.at(-1)).toBe("identity/sms-refused");
  });

  test("a flood of sign-ups leaves the budgets of second factors be", async () => {
    const { sent } = sms();
    await many(10, () => sent());
    expect(await sent()).toBe("identity/sms-refused");
    expect(await sent({ type: "MULTI_FACTOR_SIGN_IN" })).toBe(true);
    expect(await many(5, () => sent({ type: "MULTI_FACTOR_ENROLLMENT" }))).toEqual([
      true,
      true,
      true,
      true,
      "identity/sms-refused",
    ]); // both kinds of second factor share one budget
  });

  test("who is refused spends nothing of the others' budgets", async () => {
    const { sent } = sms();
    await many(20, () => sent({ phone: phone(1) }));
    // The network's five took five of the range: none of the fifteen refused ones did.
    await many(5, (index) => sent({ phone: phone(2), ip: ip(index) }));
    expect(await sent({ phone: phone(2), ip: "203.0.113.9" })).toBe("identity/sms-refused");
    expect(await sent({ phone: phone(3), ip: ip(77) })).toBe(true);
  });
});

describe("what is refused at once", () => {
  test.each([undefined, "", "12345", "+882 1234", "+8821012345678", "+12025550123"])(
    "the number %j",
    async (number) => {
      const { sent, told } = sms();
      expect(await sent({ phone: number })).toBe("identity/sms-refused");
      expect(told).toEqual([
        expect.objectContaining({ outcome: "failure", detail: { use: "sign-up", cause: "region" } }),
      ]);
    },
  );

  test("everything, when the budgets cannot be read", async () => {
    const { clock } = identity().deps;
    const permits = { take: () => Promise.reject(new Error("down")) };
    const { sent } = sms({ limiter: rateLimiter({ permits, clock }) });
    expect(await sent()).toBe("request/unavailable");
  });

  test("everything, when the number cannot be hashed", async () => {
    const { sent } = sms({
      encryption: { ...identity().deps.encryption, keyedHash: () => Promise.reject(new Error("no key")) },
    });
    expect(await sent()).not.toBe(true);
  });
});

test("the number is in no event and in no name of a budget", async () => {
  const keys: string[] = [];
  const { deps } = identity();
  const permits = memoryPermitStore();
  const limiter = rateLimiter({
    permits: { take: (key, ...rest) => (keys.push(key), permits.take(key, ...rest)) },
    clock: deps.clock,
  });
  const names: string[] = [];
  const { sent, told } = sms({ limiter: (...args) => (names.push(JSON.stringify(args)), limiter(...args)) });
  await many(8, () => sent());
  expect(told.map(({ type }) => type.name)).toEqual(Array(3).fill("identity.sms-refused"));
  expect(told[0]?.detail).toEqual({ use: "sign-up", cause: "network", region: "49" });
  expect(JSON.stringify([told, keys, names])).not.toMatch(/1512345|23456789/);
});
