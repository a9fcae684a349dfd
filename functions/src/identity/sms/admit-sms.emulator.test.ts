import { afterAll, expect, test } from "@jest/globals";
import { randomInt } from "node:crypto";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { firestorePermitStore } from "../../platform/permit-store.firestore.js";
import { rateLimiter } from "../../platform/rate-limit.js";
import { systemClock } from "../../kernel/time.js";
import { fakeEncryption } from "../identity.fixture.js";
import { admitSms } from "./admit-sms.js";

const { firestore, close } = emulatedFirestore("sms");
afterAll(close);

const ROUNDS = 20;

// Every message by an instance of its own, as in the worst case: none remembers what another was refused.
test(`100 messages at once to one range of numbers: exactly five go out, ${String(ROUNDS)} times`, async () => {
  const encryption = fakeEncryption();
  const permits = firestorePermitStore(() => firestore);
  for (let round = 0; round < ROUNDS; round += 1) {
    const block = `+49151${String(randomInt(1_000_000)).padStart(6, "0")}`;
    const send = (index: number) =>
      admitSms(
        { encryption, record: () => Promise.resolve(), limiter: rateLimiter({ permits, clock: systemClock }) },
        {
          ipAddress: `10.${String(randomInt(256))}.${String(randomInt(256))}.${String(index)}`,
          userAgent: "",
          smsType: "MULTI_FACTOR_SIGN_IN",
          additionalUserInfo: { isNewUser: false, phoneNumber: `${block}${String(1_000 + index)}` },
        },
      );
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, (_, index) => send(index)));
    const refusals = new Set(
      outcomes.flatMap((each) => (each.status === "rejected" ? [(each.reason as { code: string }).code] : [])),
    );
    expect([round, outcomes.filter(({ status }) => status === "fulfilled").length]).toEqual([round, 5]);
    expect([...refusals]).toEqual(["identity/sms-refused"]);
  }
}, 300_000);
