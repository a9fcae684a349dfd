import { expect, test } from "@jest/globals";
import { makeBlindIndex } from "../indexes/blind-index.js";
import { destroySubjectKeys, subjectHasKeys } from "../keys/destroy-keys.js";
import { testDomain } from "../encryption.fixture.js";
import { deriveKeyedHash } from "../indexes/keyed-hash.js";
import { openSecretToken, sealSecretToken } from "./seal-secret.js";
import type { SecurityEvent } from "../../kernel/event.js";

const place = { label: "totp-seed", subject: "u1" };
const secret = Buffer.from("twenty bytes of seed");

test("a secret comes back under its own label and subject, as a committing token", async () => {
  const domain = testDomain();
  const token = await sealSecretToken(domain, { ...place, secret });
  expect([token[0], token.length]).toEqual([2, secret.length + 77]);
  expect(await openSecretToken(domain, { ...place, token })).toEqual(secret);
});

test("under another label, subject or version it is refused", async () => {
  const domain = testDomain();
  const token = await sealSecretToken(domain, { ...place, secret });
  await sealSecretToken(domain, { ...place, subject: "system:webhooks", secret });
  const refusal = { code: "encryption/undecryptable" };
  await expect(openSecretToken(domain, { ...place, label: "other", token })).rejects.toMatchObject(refusal);
  await expect(openSecretToken(domain, { ...place, subject: "system:webhooks", token })).rejects.toMatchObject(refusal);
  const plain = Uint8Array.from(token);
  plain[0] = 1;
  await expect(openSecretToken(domain, { ...place, token: plain })).rejects.toMatchObject(refusal);
  await expect(openSecretToken(domain, { ...place, token: Buffer.of(2) })).rejects.toMatchObject(refusal);
});

test("opening a secret makes no keys: without them it says that they are gone", async () => {
  const domain = testDomain();
  const token = await sealSecretToken(domain, { ...place, secret });
  const opening = openSecretToken(domain, { ...place, subject: "nobody", token });
  await expect(opening).rejects.toMatchObject({ code: "encryption/key-missing" });
  expect(await subjectHasKeys(domain, "nobody")).toBe(false);
});

test("a keyed hash is the same for the same label and value, and unrelated for others", async () => {
  const domain = testDomain();
  const hashes = await Promise.all([
    deriveKeyedHash(domain, "a", "value"),
    deriveKeyedHash(domain, "a", Buffer.from("value")),
    deriveKeyedHash(domain, "b", "value"),
    deriveKeyedHash(domain, "a", "valuf"),
    deriveKeyedHash(testDomain(), "a", "value"),
  ]);
  const texts = hashes.map((hash) => Buffer.from(hash).toString("hex"));
  expect(texts[0]).toBe(texts[1]);
  expect(new Set(texts).size).toBe(4);
  expect(texts[0]).toHaveLength(64);
});

test("the index root is made once and fetched once, however many ask; another instance finds the same indexes", async () => {
  const domain = testDomain();
  const ask = (of: typeof domain) => makeBlindIndex(of, { collection: "people", field: "email", value: "a@b.example" });
  const [first] = await Promise.all([ask(domain), ask(domain), deriveKeyedHash(domain, "x", "y")]);
  expect(domain.kmsState.calls).toBe(1);
  expect(await ask(testDomain(domain.ground))).toEqual(first);
});

test("the index root goes on for an hour while KMS is down", async () => {
  const domain = testDomain();
  const before = await deriveKeyedHash(domain, "x", "y");
  domain.kmsState.fail = "kms-unavailable";
  domain.time.now += 30 * 60_000;
  expect(await deriveKeyedHash(domain, "x", "y")).toEqual(before);
  domain.time.now += 60 * 60_000;
  await expect(deriveKeyedHash(domain, "x", "y")).rejects.toMatchObject({ code: "encryption/kms-unavailable" });
});

test("a field without look-up cannot be searched", async () => {
  for (const field of ["secret", "theme", "nope"]) {
    const looking = makeBlindIndex(testDomain(), { collection: "people", field, value: "x" });
    await expect(looking).rejects.toMatchObject({ code: "encryption/field-not-findable", details: { field } });
  }
});

test("destroying a subject's keys is told, with how many there were", async () => {
  const domain = testDomain();
  const events: SecurityEvent[] = [];
  const record = (event: SecurityEvent) => Promise.resolve(void events.push(event));
  await sealSecretToken(domain, { ...place, secret });
  expect(await subjectHasKeys(domain, "u1")).toBe(true);
  expect(await destroySubjectKeys({ ...domain, record }, "u1")).toEqual({ destroyed: 1 });
  expect(await subjectHasKeys(domain, "u1")).toBe(false);
  expect(await destroySubjectKeys({ ...domain, record }, "u1")).toEqual({ destroyed: 0 });
  expect(events.map(({ subject, detail }) => [subject, detail])).toEqual([
    ["u1", { keys: 1 }],
    ["u1", { keys: 0 }],
  ]);
});
