import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { startMailReceiver, type MailReceiver } from "../../../../dev/mail/index.js";
import { readMails } from "../../../../dev/mail/read-mails.js";
import { MINUTE } from "../../kernel/time.js";
import { randomId, systemRandom } from "../../kernel/random.js";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { smtpMailer } from "../../platform/mail-smtp.js";
import { sealAddress } from "../addresses/addresses-of.js";
import { firestoreContactStore } from "../addresses/contact-store.firestore.js";
import { firestoreChallengeStore } from "../challenges/challenge-store.firestore.js";
import { codeWorld, CONSOLE } from "../codes/codes.fixture.js";
import { deliverNotice } from "./deliver-notice.js";
import { firestoreOutboxStore } from "./outbox-store.firestore.js";
import { itemId, keepNotice, stageNotice } from "./stage-notice.js";
import { sweepNotices } from "./sweep-notices.js";

// The outbox, contacts and challenges in Firestore, and mail over SMTP to a real receiver.
const { firestore, close } = emulatedFirestore("delivery");
const dir = mkdtempSync(join(tmpdir(), "firekeep-delivery-"));
let receiver: MailReceiver;

beforeAll(async () => {
  receiver = await startMailReceiver({ dir });
});
afterEach(() => receiver.refuse(() => undefined));
afterAll(async () => {
  await receiver.stop();
  await close();
  rmSync(dir, { recursive: true });
});

/** An account of its own with a primary and a recovery address. */
const person = async () => {
  const uid = randomId(systemRandom);
  const [primary, home] = [`${uid}@example.org`, `${uid}@home.example`];
  const outbox = firestoreOutboxStore(() => firestore);
  const contacts = firestoreContactStore(() => firestore);
  const world = codeWorld({ challenges: firestoreChallengeStore(() => firestore) });
  const mailer = smtpMailer({ url: receiver.url, from: "security@firekeep.example" });
  const deps = { ...world.deps, outbox, contacts, mailer: () => mailer, firestore: () => firestore };
  world.statuses.set(uid, { disabled: false, email: primary, emailVerified: true, tokensValidAfter: 0 });
  const place = await sealAddress(deps, { uid, id: "c1", address: home });
  const by = { limit: 3, now: world.time.now };
  await contacts.add(uid, { ...place, addedAt: by.now, pendingUntil: by.now + MINUTE }, by);
  await contacts.confirm(uid, "c1", by.now);
  const notice = {
    id: `password-changed/${uid}`,
    uid,
    kind: "password-changed",
    facts: { device: "Firefox" },
  } as const;
  const mailsTo = async (to: string) => (await readMails(dir, { to })).length;
  const had = async () => [await mailsTo(primary), await mailsTo(home)];
  return { ...world, deps, uid, primary, home, notice, id: itemId(notice.id), had };
};

describe("a notice over SMTP", () => {
  test("reaches both addresses, says what happened, and carries the link in its fragment", async () => {
    const { deps, id, notice, primary, home, had } = await person();
    await keepNotice(deps, notice);
    expect(await deliverNotice(deps, id)).toBe("sent");
    expect(await had()).toEqual([1, 1]);
    const [mail] = await readMails(dir, { to: primary });
    const [other] = await readMails(dir, { to: home });
    expect(mail?.subject).toBe("Your password was changed");
    expect(mail?.text).toContain("Device: Firefox");
    expect(mail?.links[0]?.startsWith(`${CONSOLE}/#/not-me/`)).toBe(true);
    expect(mail?.html).toContain(mail?.links[0]);
    expect(mail?.headerTo).toEqual([primary]);
    expect(other?.messageId).not.toBe(mail?.messageId);
    expect(await deps.outbox.find(id)).toMatchObject({ state: "sent", accepted: 2, refused: 0, done: {} });
  });

  test("dispatched ten times at once arrives once at each address", async () => {
    const { deps, id, notice, had } = await person();
    await Promise.all([keepNotice(deps, notice), keepNotice(deps, notice)]);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => deliverNotice(deps, id)));
    expect(outcomes.filter((each) => each === "sent")).toHaveLength(1);
    expect(await had()).toEqual([1, 1]);
  });

  test("is tried again after a 4xx, and not where it was taken", async () => {
    const { deps, id, notice, home, had } = await person();
    await keepNotice(deps, notice);
    receiver.refuse((address) => (address === home ? 451 : undefined));
    await expect(deliverNotice(deps, id)).rejects.toMatchObject({ code: "identity/mail-failed" });
    expect(await had()).toEqual([1, 0]);
    receiver.refuse(() => undefined);
    expect(await deliverNotice(deps, id)).toBe("sent");
    expect(await had()).toEqual([1, 1]);
  });

  test("is not tried again after a 5xx", async () => {
    const { deps, id, notice, home, had } = await person();
    await keepNotice(deps, notice);
    receiver.refuse((address) => (address === home ? 550 : undefined));
    expect(await deliverNotice(deps, id)).toBe("sent");
    expect(await deliverNotice(deps, id)).toBe("elsewhere");
    expect(await had()).toEqual([1, 0]);
  });

  test("outlives a receiver that is down", async () => {
    const { deps, id, notice, time, queued, had } = await person();
    await keepNotice(deps, notice);
    const { port } = receiver;
    await receiver.stop();
    await expect(deliverNotice(deps, id)).rejects.toMatchObject({ code: "identity/mail-failed" });
    receiver = await startMailReceiver({ dir, port });
    time.now += 2 * MINUTE;
    queued.length = 0;
    await sweepNotices(deps);
    expect(queued).toContain(id);
    expect(await deliverNotice(deps, id)).toBe("sent");
    expect(await had()).toEqual([1, 1]);
  });
});

describe("a notice staged with its change", () => {
  test("is told when the commit stands, and a crash before it was queued loses nothing", async () => {
    const { deps, id, uid, notice, time, queued, had } = await person();
    const staged = await stageNotice(deps, notice);
    const batch = firestore.batch().set(firestore.doc(`changes/${uid}`), { changed: true });
    staged.addTo(batch);
    await batch.commit();
    // Here the process dies: send() is never called.
    time.now += MINUTE;
    await sweepNotices(deps);
    expect(queued).toContain(id);
    await deliverNotice(deps, id);
    expect(await had()).toEqual([1, 1]);
  });

  test("is not told when the commit fails", async () => {
    const { deps, id, uid, notice } = await person();
    const change = firestore.doc(`changes/${uid}`);
    await change.set({ changed: false });
    const staged = await stageNotice(deps, notice);
    const batch = firestore.batch().create(change, { changed: true });
    staged.addTo(batch);
    await expect(batch.commit()).rejects.toThrow();
    expect(await deps.outbox.find(id)).toBeUndefined();
    expect(await deliverNotice(deps, id)).toBe("elsewhere");
  });

  test("goes along in a transaction, too", async () => {
    const { deps, id, notice, queued } = await person();
    const staged = await stageNotice(deps, notice);
    await firestore.runTransaction((transaction) => {
      staged.addTo(transaction);
      return Promise.resolve();
    });
    await staged.send();
    expect(queued).toEqual([id]);
    expect(await deps.outbox.find(id)).toMatchObject({ state: "pending" });
  });
});
