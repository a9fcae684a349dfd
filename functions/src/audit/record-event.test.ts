import { describe, expect, test } from "@jest/globals";
import type { EventType, SecurityEvent } from "../kernel/event.js";
import { systemRandom } from "../kernel/random.js";
import type { Publisher } from "../platform/pubsub.js";
import { memoryPublisher } from "../platform/pubsub.js";
import { memoryPseudonymStore } from "./pseudonym-store.js";
import { rememberedPseudonyms } from "./pseudonyms.js";
import { recordAccessesBy } from "./record-access.js";
import { recordEvent, type RecordDeps } from "./record-event.js";
import { memorySpool } from "./spool.js";

const signedIn: EventType = {
  name: "test.signed-in",
  class: "authentication",
  activity: 1,
  severity: "informational",
  message: "Somebody signed in.",
};
const event: SecurityEvent = {
  type: signedIn,
  outcome: "success",
  subject: "uid-7",
  ip: "198.51.100.9",
  userAgent: "browser",
};

const world = (over: Partial<RecordDeps> = {}) => {
  const spool = memorySpool();
  const publisher = memoryPublisher();
  const lines: { severity: string; message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const clock = () => 1_000_000;
  const pseudonyms = rememberedPseudonyms({ store: memoryPseudonymStore(), clock, random: systemRandom });
  const log: RecordDeps["log"] = (severity, message, fields) => lines.push({ severity, message, fields });
  const deps: RecordDeps = { spool, pseudonyms, publisher, clock, random: systemRandom, log, ...over };
  return { deps, spool, publisher, lines, pseudonyms };
};

const failing: Publisher = { publish: () => Promise.reject(new Error("Pub/Sub is down")) };

describe("recording an event", () => {
  test("keeps it under the subject's pseudonym and publishes it under the account", async () => {
    const { deps, spool, publisher, pseudonyms } = world();
    await recordEvent(deps, event);
    const [entry] = spool.entries;
    expect(entry).toMatchObject({
      name: "test.signed-in",
      subject: await pseudonyms.of("uid-7"),
      network: "198.51.100.0/24",
      index: -1,
    });
    expect(publisher.messages).toEqual([
      {
        topic: "security-events",
        message: expect.objectContaining({ id: entry?.id, subject: "uid-7", ip: "198.51.100.9" }),
      },
    ]);
    expect(await spool.unannounced(10)).toEqual([]);
  });

  test("writes neither account nor address into entry or log line", async () => {
    const { deps, spool, lines } = world();
    await recordEvent(deps, event);
    const kept = JSON.stringify([spool.entries, lines]);
    expect(kept).not.toContain("uid-7");
    expect(kept).not.toContain("198.51.100.9");
  });

  test("writes one log line in the shape of Cloud Logging", async () => {
    const { deps, spool, lines } = world();
    await recordEvent(deps, { ...event, severity: "fatal" });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      severity: "EMERGENCY",
      message: "Somebody signed in.",
      fields: {
        "logging.googleapis.com/labels": { event_class: "authentication", event_name: "test.signed-in" },
        "logging.googleapis.com/insertId": spool.entries[0]?.id,
        ocsf: { class_uid: 3002, severity_id: 6 },
      },
    });
  });

  test("neither fails nor loses the event while Pub/Sub is down", async () => {
    const { deps, spool } = world({ publisher: failing });
    await recordEvent(deps, event);
    expect(spool.entries).toHaveLength(1);
    expect(await spool.unannounced(10)).toMatchObject([{ name: "test.signed-in", subject: "uid-7" }]);
  });

  test("refuses a sign-in that cannot be put on record", async () => {
    const { deps } = world();
    const broken = { ...deps, spool: { ...deps.spool, add: () => Promise.reject(new Error("Firestore is down")) } };
    await expect(recordEvent(broken, event)).rejects.toMatchObject({ code: "audit/unavailable" });
  });

  test("does not stop a refusal or an incident because it cannot be put on record", async () => {
    const { deps } = world();
    const broken = { ...deps, spool: { ...deps.spool, add: () => Promise.reject(new Error("Firestore is down")) } };
    for (const name of ["api-activity", "incident-finding", "remediation-activity"] as const) {
      await recordEvent(broken, { ...event, type: { ...signedIn, class: name } });
    }
  });

  test("uses another pseudonym after the subject was forgotten", async () => {
    const { deps, spool, pseudonyms } = world();
    await recordEvent(deps, event);
    await pseudonyms.forget("uid-7");
    await recordEvent(deps, event);
    const [before, after] = spool.entries;
    expect(before?.subject).not.toBe(after?.subject);
  });
});

describe("recording an access", () => {
  const access = {
    subject: "uid-7",
    actor: "operator",
    actorUid: "uid-of-staff",
    collection: "profiles",
    fields: ["iban"],
    purpose: "Answering a complaint",
    legalBasis: "contract",
    action: "read",
  } as const;

  test("tells the subject what was read and why, but not which colleague it was", async () => {
    const { deps, spool, lines } = world();
    await recordAccessesBy(deps, [access]);
    const seen = await spool.accessTo("uid-7", { limit: 10 });
    expect(seen).toMatchObject([{ actor: "operator", collection: "profiles", fields: ["iban"], action: "read" }]);
    expect(JSON.stringify([seen, spool.entries, lines])).not.toContain("uid-of-staff");
    expect(await spool.accessTo("uid-8", { limit: 10 })).toEqual([]);
  });

  test("of many people's data is one write, and each of them sees their own", async () => {
    const { deps, spool } = world();
    let writes = 0;
    const counted = {
      ...spool,
      addAll: (all: Parameters<typeof spool.addAll>[0]) => ((writes += 1), spool.addAll(all)),
    };
    const subjects = Array.from({ length: 250 }, (_, index) => `uid-${String(index)}`);
    await recordAccessesBy(
      { ...deps, spool: counted },
      subjects.map((subject) => ({ ...access, subject })),
    );
    expect(writes).toBe(1);
    expect(spool.entries).toHaveLength(250);
    for (const subject of subjects) expect(await spool.accessTo(subject, { limit: 10 })).toHaveLength(1);
  });

  test("fails when it cannot be kept, so that nothing is shown", async () => {
    const { deps, spool } = world();
    const broken = { ...spool, addAll: () => Promise.reject(new Error("Firestore is down")) };
    await expect(recordAccessesBy({ ...deps, spool: broken }, [access])).rejects.toMatchObject({
      code: "audit/unavailable",
    });
  });
});
