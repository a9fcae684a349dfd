import { createCipheriv, createDecipheriv } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GeoPoint, Timestamp } from "firebase-admin/firestore";
import { expect, test } from "@jest/globals";
import { testDataMap, testDomain, testNatives } from "../encryption.fixture.js";
import { dataKey } from "../keys/data-key.js";
import { associatedData } from "./associated-data.js";
import { pathValues, planOf, tokenPlan } from "./document-plan.js";
import { encodeValue } from "./encode-value.js";
import { openWithKeys } from "./open-document.js";
import { sealWithKeys, type Values } from "./seal-document.js";
import { openSecretToken, sealSecretToken } from "./seal-secret.js";
import { readHeader } from "./token.js";

/** docs/vectors/tokens.json, published for other implementations: section "Field tokens" of docs/formats.md. */
const file = join(__dirname, "../../../../docs/vectors/tokens.json");

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Buffer => Buffer.from(text, "hex");

const VALUES: readonly (readonly [value: unknown, written: unknown])[] = [
  [null, { null: true }],
  [false, { boolean: false }],
  [true, { boolean: true }],
  [1.5, { double: "1.5" }],
  [-0, { double: "-0" }],
  [NaN, { double: "NaN" }],
  [-Infinity, { double: "-Infinity" }],
  [-2n, { int64: "-2" }],
  [2n ** 63n - 1n, { int64: "9223372036854775807" }],
  [new Timestamp(-1, 999_999_999), { timestamp: { seconds: "-1", nanoseconds: 999_999_999 } }],
  ["", { string: "" }],
  ["Zoë 日本 😀", { string: "Zoë 日本 😀" }],
  [Buffer.of(0, 255), { bytes: "00ff" }],
  [testNatives.reference("people/u2"), { reference: "people/u2" }],
  [new GeoPoint(51.5, -0.125), { geopoint: { latitude: 51.5, longitude: -0.125 } }],
  [["a", [], 1n], { array: [{ string: "a" }, { array: [] }, { int64: "1" }] }],
  [{ b: 1n, a: null, é: "x" }, { map: { a: { null: true }, b: { int64: "1" }, é: { string: "x" } } }],
];

const DOCUMENTS: readonly { collection: string; path: string; subject: string; values: Values }[] = [
  {
    collection: "people",
    path: "people/u1",
    subject: "u1",
    values: {
      secret: "said in confidence",
      tags: ["a", { b: NaN }],
      bio: "likes engines",
      height: 1.62,
      active: false,
      born: new Timestamp(-5, 7),
      home: new GeoPoint(51.5, -0.125),
      friend: testNatives.reference("people/u2"),
      blob: Buffer.of(0, 255),
      prefs: { deep: { er: [1n, null] } },
    },
  },
  { collection: "people", path: "people/Zoë-日本", subject: "Zoë-日本", values: { bio: "" } },
  { collection: "members", path: "rooms/r1/members/m 2", subject: "u1", values: { owner: "u1", nickname: "Ada" } },
  {
    collection: "diaries",
    path: "diaries/u1",
    subject: "u1",
    values: { secret: "said in confidence", bio: "likes engines", height: 1.62 },
  },
];

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const KEY_ID = 0x01020304;
const key = () => dataKey({ id: KEY_ID, readAt: 0, freshUntil: Infinity, endsAt: Infinity }, Buffer.from(KEY));

/** The domain with one key for all, and nonces that count up from 404142…: never do that elsewhere. */
const fixed = () => {
  const held = key();
  let next = 0x40;
  const fillRandom = (target: Uint8Array, at: number, length: number): void => {
    for (let index = 0; index < length; index += 1) target[at + index] = (next + index) & 255;
    next += 1;
  };
  const keys = { find: () => held };
  const domain = testDomain();
  return { ...domain, fillRandom, dataKeys: { ...domain.dataKeys, cached: keys } };
};

/** XAES step by step, in other words than xaes.ts: CMAC (NIST SP 800-38B) of single and double blocks over AES-256. */
const stepsOf = (token: Buffer, bound: Buffer) => {
  const committing = token[0] === 2;
  const nonce = token.subarray(5, 29);
  const k1 = doubled(block(Buffer.alloc(16)));
  const label = (counter: number) => Buffer.concat([Buffer.of(0, counter, 0x58, 0), nonce.subarray(0, 12)]);
  const messageKey = Buffer.concat([1, 2].map((counter) => block(xor(label(counter), k1))));
  const first = block(Buffer.concat([Buffer.from("XCMT"), nonce.subarray(0, 12)]));
  const last = (counter: number) => Buffer.concat([nonce.subarray(12), Buffer.of(0, 1, 0, counter)]);
  const commitment = Buffer.concat([1, 2].map((counter) => block(xor(xor(first, last(counter)), k1))));
  const sealed = token.subarray(committing ? 61 : 29);
  if (committing) expect(token.subarray(29, 61)).toEqual(commitment);
  const gcm = createDecipheriv("aes-256-gcm", messageKey, nonce.subarray(12))
    .setAAD(bound)
    .setAuthTag(sealed.subarray(-16));
  const plaintext = Buffer.concat([gcm.update(sealed.subarray(0, -16)), gcm.final()]);
  return {
    nonce: hex(nonce),
    k1: hex(k1),
    messageKey: hex(messageKey),
    gcmNonce: hex(nonce.subarray(12)),
    ...(committing ? { commitment: hex(commitment) } : {}),
    associatedData: hex(bound),
    plaintext: hex(plaintext),
    token: hex(token),
  };
};

const block = (input: Buffer): Buffer => createCipheriv("aes-256-ecb", KEY, null).setAutoPadding(false).update(input);
const xor = (one: Buffer, other: Buffer): Buffer => Buffer.from(one.map((byte, index) => byte ^ (other[index] ?? 0)));
const doubled = (input: Buffer): Buffer => {
  const twice = BigInt.asUintN(128, BigInt(`0x${hex(input)}`) << 1n) ^ ((input[0] ?? 0) > 127 ? 0x87n : 0n);
  return bytes(twice.toString(16).padStart(32, "0"));
};

/** A tuple, in other words than kernel/bytes.ts. */
const tuple = (...parts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(Buffer.byteLength(part));
      return [length, Buffer.from(part)];
    }),
  );

const documentVectors = () => {
  const domain = fixed();
  const { cached } = domain.dataKeys;
  return DOCUMENTS.map((request) => {
    const data = sealWithKeys(domain, cached, request);
    expect(openWithKeys(domain, cached, { ...request, data })).toEqual(request.values);
    const plan = planOf(testDataMap(), request.collection);
    const place = { pathValues: pathValues(plan, request.path), subject: request.subject };
    const tokens = Object.entries(data["_e"] as Record<string, Buffer>).map(([name, token]) => {
      const made = tokenPlan(plan, name);
      if (made === undefined) throw new Error(`${name} is in the plan`);
      const { version, keyId } = readHeader(token);
      const type = name === "*" ? "document" : (plan.fields.get(name)?.field.type ?? "");
      const parts = [
        version === 2 ? "RED" : "AMBER",
        plan.collection.path,
        place.pathValues,
        name,
        `user:${request.subject}`,
        type,
      ];
      const bound = Buffer.from(associatedData(place, made, version, keyId));
      const [dataClass, template, values, ...rest] = parts as [string, string, string[], string, string, string];
      expect(bound).toEqual(
        Buffer.concat([token.subarray(0, 5), tuple("pt1", dataClass, template, tuple(...values), ...rest)]),
      );
      return { name, tuple: ["pt1", ...parts], ...stepsOf(token, bound) };
    });
    return {
      path: request.path,
      template: plan.collection.path,
      subject: request.subject,
      _ek: data["_ek"] as number,
      tokens,
    };
  });
};

const secretVectors = async () => {
  const domain = fixed();
  const places = [
    { label: "totp-seed", subject: "u1", secret: Buffer.from("twenty bytes of seed") },
    { label: "webhook", subject: "system:webhooks", secret: Buffer.alloc(0) },
  ];
  const made = places.map(async ({ label, subject, secret }) => {
    const token = Buffer.from(await sealSecretToken(domain, { label, subject, secret }));
    expect(Buffer.from(await openSecretToken(domain, { label, subject, token }))).toEqual(secret);
    const bound = Buffer.concat([token.subarray(0, 5), tuple("ps1", label, `user:${subject}`)]);
    return { tuple: ["ps1", label, `user:${subject}`], ...stepsOf(token, bound) };
  });
  return Promise.all(made);
};

test("the published vectors are what this code makes (written anew with FIREKEEP_UPDATE_GOLDEN=1)", async () => {
  const vectors = {
    about:
      "Firekeep, docs/formats.md, section Field tokens. Bytes are in hex, and the key and the nonces are for these vectors only.",
    key: hex(KEY),
    keyId: KEY_ID,
    values: VALUES.map(([value, written]) => ({ value: written, canonical: hex(encodeValue(testNatives, value)) })),
    documents: documentVectors(),
    secrets: await secretVectors(),
  };
  const made = `${JSON.stringify(vectors, null, 2)}\n`;
  if (process.env["FIREKEEP_UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, made);
  }
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(made));
});
