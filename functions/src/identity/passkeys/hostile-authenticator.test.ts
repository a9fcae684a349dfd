import { createHash, createPrivateKey } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { DomainError } from "../../kernel/errors.js";
import { caller, identity, NOW, SID, storedSession } from "../identity.fixture.js";
import { stepUpWith } from "../factors/step-up.js";
import type { StoredSession } from "../sessions/session-store.js";
import { challengePasskey } from "./check-passkey.js";
import { confirmPasskey, enrolPasskey } from "./enrol-passkey.js";
import { reasonOf } from "./refusal.js";
import { beginSignIn, finishSignIn } from "./sign-in-with-passkey.js";
import {
  attestationObject,
  cbor,
  create,
  encode,
  FLAG,
  get,
  newKey,
  pairs,
  signWith,
  type Ceremony,
  type Item,
  type SoftKey,
  type SoftPasskey,
} from "./soft-authenticator.fixture.js";

type Changes = Partial<Ceremony>;
type Answer = { id: string; rawId: string; type: string; response: Record<string, unknown> };
type Edit = (answer: Answer) => unknown;
/** What is changed, also in view of the challenge that was asked. */
type Change = Changes | ((challenge: string) => Changes);
type Hostile = readonly [name: string, reason: string, changes: Change, edit?: Edit];

const UNDER = FLAG.UP | FLAG.UV;
const ES256 = newKey("ES256");
const OTHER = newKey("ES256");
const ED = newKey("EdDSA");
const RSA = newKey("RS256");
const passkeyOf = (key: SoftKey, userHandle = "", fill = 7): SoftPasskey => ({
  key,
  id: Buffer.alloc(32, fill),
  userHandle,
});

const edited = (bytes: string, edit: (raw: Buffer) => Uint8Array): string =>
  encode(edit(Buffer.from(bytes, "base64url")));
const part = (name: string, edit: (text: string) => unknown) => (answer: Answer) => ({
  ...answer,
  response: { ...answer.response, [name]: edit(answer.response[name] as string) },
});
const json =
  (text: string) =>
  (challenge: string): Changes => ({ clientDataJSON: Buffer.from(text.replace("CHALLENGE", challenge)) });
const without = (labels: readonly number[], key = ES256): Map<number, Item> =>
  new Map([...key.cose].filter(([label]) => !labels.includes(label)));
const withMember = (label: number, value: Item, key = ES256): Map<number, Item> =>
  new Map([...key.cose, [label, value]]);

/** What a registration and an assertion have in common: client data, flags, ids, encodings. */
const either = (type: string, other: string): Hostile[] => [
  ["the other ceremony's type", "type", { clientData: { type: other } }],
  ["a challenge nobody asked", "challenge", { challenge: encode(Buffer.alloc(32, 1)) }],
  ["the challenge in padded base64", "challenge", (challenge) => ({ clientData: { challenge: `${challenge}=` } })],
  ["no challenge", "challenge", { clientData: { challenge: undefined } }],
  ["another origin", "origin", { origin: "https://evil.example" }],
  ["our origin with a port", "origin", { origin: "https://example.org:444" }],
  ["a subdomain that is not listed", "origin", { origin: "https://a.example.org" }],
  ["our origin without TLS", "origin", { origin: "http://example.org" }],
  ["our origin as a prefix of another", "origin", { origin: "https://example.org.evil.example" }],
  ["another Android app", "origin", { origin: `android:apk-key-hash:${"B".repeat(43)}` }],
  ["origins as a list", "origin", { clientData: { origin: ["https://example.org"] } }],
  ["a frame of a site that is not named", "cross-origin", { clientData: { crossOrigin: true } }],
  ["a frame of another site", "cross-origin", { clientData: { crossOrigin: true, topOrigin: "https://evil.example" } }],
  ["a top origin without a frame", "cross-origin", { clientData: { topOrigin: "https://example.org" } }],
  ["crossOrigin as text", "cross-origin", { clientData: { crossOrigin: "false" } }],
  [
    "client data with the challenge twice",
    "client-data",
    json(`{"type":"${type}","challenge":"x","challenge":"CHALLENGE","origin":"https://example.org"}`),
  ],
  [
    "client data with a name twice in two spellings",
    "client-data",
    json(
      `{"type":"${type}","challenge":"CHALLENGE","origin":"https://evil.example","\\u006frigin":"https://example.org"}`,
    ),
  ],
  [
    "client data behind a byte-order mark",
    "client-data",
    json(`\uFEFF{"type":"${type}","challenge":"CHALLENGE","origin":"https://example.org"}`),
  ],
  [
    "client data that is not UTF-8",
    "client-data",
    (challenge) => ({
      clientDataJSON: Buffer.concat([
        Buffer.from(`{"type":"${type}","challenge":"${challenge}","origin":"https://example.org","x":"`),
        Buffer.from([0xc3, 0x28]),
        Buffer.from('"}'),
      ]),
    }),
  ],
  [
    "client data in a list",
    "client-data",
    json(`[{"type":"${type}","challenge":"CHALLENGE","origin":"https://example.org"}]`),
  ],
  ["client data that is null", "client-data", json("null")],
  [
    "client data with something after it",
    "client-data",
    json(`{"type":"${type}","challenge":"CHALLENGE","origin":"https://example.org"}{}`),
  ],
  ["client data of five kilobytes", "shape", { clientData: { pad: "x".repeat(5_000) } }],
  ["another relying party", "rp-id", { rpId: "evil.example" }],
  ["a subdomain as relying party", "rp-id", { rpId: "a.example.org" }],
  ["nobody present", "presence", { flags: FLAG.UV }],
  ["backed up without being eligible", "flags", { flags: UNDER | FLAG.BS }],
  ["reserved flag 1", "flags", { flags: UNDER | FLAG.RFU1 }],
  ["reserved flag 5", "flags", { flags: UNDER | FLAG.RFU2 }],
  ["extensions announced and not there", "encoding", { flags: UNDER | FLAG.ED }],
  [
    "extensions there and not announced",
    "encoding",
    { authData: (bytes) => Buffer.concat([bytes, cbor(new Map([["appid", true]]))]) },
  ],
  ["extensions that are no map", "extensions", { extensions: cbor(["credProtect"]) }],
  [
    "extensions with a name twice",
    "encoding",
    {
      extensions: pairs([
        ["appid", true],
        ["appid", false],
      ]),
    },
  ],
  [
    "extensions nested a hundred deep",
    "encoding",
    { extensions: Buffer.concat([Buffer.from("a16161", "hex"), Buffer.alloc(100, 0x81), Buffer.from([0])]) },
  ],
  ["bytes after the authenticator data", "encoding", { authData: (bytes) => Buffer.concat([bytes, Buffer.from([0])]) }],
  ["authenticator data cut short", "encoding", { authData: (bytes) => bytes.subarray(0, 36) }],
  [
    "the id of another credential outside",
    "credential-id",
    {},
    (answer) => ({ ...answer, id: encode(Buffer.alloc(32, 9)) }),
  ],
  ["another rawId", "credential-id", {}, (answer) => ({ ...answer, rawId: encode(Buffer.alloc(32, 9)) })],
  [
    "an id of 1024 bytes",
    "credential-id",
    {},
    (answer) => ({ ...answer, id: encode(Buffer.alloc(1_024)), rawId: encode(Buffer.alloc(1_024)) }),
  ],
  [
    "an id that decodes the same and reads otherwise",
    "encoding",
    {},
    (answer) => {
      const id = answer.id.replace(/.$/, "d");
      return { ...answer, id, rawId: id };
    },
  ],
  ["an empty id", "shape", {}, (answer) => ({ ...answer, id: "", rawId: "" })],
  ["another type of credential", "type", {}, (answer) => ({ ...answer, type: "password" })],
  ["client data with padding", "shape", {}, part("clientDataJSON", (text) => `${text}==`)],
  ["client data missing", "shape", {}, part("clientDataJSON", () => undefined)],
  ["client data as a number", "shape", {}, part("clientDataJSON", () => 7)],
  ["an answer that is a text", "shape", {}, () => "response"],
  ["an answer that is nothing", "shape", {}, () => null],
  ["an answer that is a list", "shape", {}, (answer) => [answer]],
];

const objectWith = (change: (parts: { fmt: Item; attStmt: Item; authData: Uint8Array }) => Uint8Array): Changes => ({
  attestationObject: change,
});

const REGISTRATIONS: Hostile[] = [
  ["an algorithm that was not offered", "algorithm", { cose: withMember(3, -35) }],
  ["an algorithm that is not the key's", "public-key", { cose: withMember(3, -8) }],
  ["a key that claims RSA for its points", "public-key", { cose: withMember(3, -257) }],
  ["a key on another curve", "public-key", { cose: withMember(-1, 2) }],
  ["a point off the curve", "public-key", { cose: withMember(-3, Buffer.alloc(32, 5)) }],
  [
    "the point at infinity",
    "public-key",
    { cose: new Map([...without([-2, -3]), [-2, Buffer.alloc(32)], [-3, Buffer.alloc(32)]]) },
  ],
  ["a compressed point", "public-key", { cose: withMember(-3, true) }],
  ["a key with its private half", "public-key", { cose: withMember(-4, Buffer.alloc(32, 1)) }],
  ["a key with a member too many", "public-key", { cose: withMember(2, Buffer.from("kid")) }],
  ["a key without its kind", "public-key", { cose: without([1]) }],
  ["a key without an algorithm", "algorithm", { cose: without([3]) }],
  ["a key with a member twice", "encoding", { cose: { raw: pairs([...ES256.cose, [-2, ES256.cose.get(-2) ?? 0]]) } }],
  ["a key that is a list", "public-key", { cose: [1, 2, 3] }],
  ["a key cut short", "encoding", { authData: (bytes) => bytes.subarray(0, bytes.length - 1) }],
  [
    "a key of open length",
    "encoding",
    { cose: { raw: Buffer.concat([Buffer.from([0xbf]), cbor(ES256.cose).subarray(1), Buffer.from([0xff])]) } },
  ],
  [
    "a key with a number written too long",
    "encoding",
    { cose: { raw: Buffer.concat([Buffer.from("a501180203", "hex"), cbor(ES256.cose).subarray(4)]) } },
  ],
  [
    "an Ed25519 key of small order",
    "public-key",
    { cose: withMember(-2, Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]), ED) },
  ],
  [
    "an Ed25519 key of order eight",
    "public-key",
    {
      cose: withMember(-2, Buffer.from("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "hex"), ED),
    },
  ],
  [
    "an Ed25519 key of order eight, written with the other sign",
    "public-key",
    {
      cose: withMember(-2, Buffer.from("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", "hex"), ED),
    },
  ],
  [
    "an Ed25519 key whose y is not below the field's order",
    "public-key",
    { cose: withMember(-2, Buffer.concat([Buffer.from([0xee]), Buffer.alloc(30, 0xff), Buffer.from([0x7f])]), ED) },
  ],
  ["an RSA modulus of 512 bits", "public-key", { cose: withMember(-1, Buffer.alloc(64, 0xfb), RSA) }],
  [
    "an RSA modulus with zeros in front",
    "public-key",
    { cose: withMember(-1, Buffer.concat([Buffer.alloc(200), Buffer.alloc(64, 0xfb)]), RSA) },
  ],
  ["an even RSA modulus", "public-key", { cose: withMember(-1, Buffer.alloc(256, 0xfa), RSA) }],
  ["an RSA modulus of 8192 bits", "public-key", { cose: withMember(-1, Buffer.alloc(1_024, 0xfb), RSA) }],
  ["an RSA exponent of 1", "public-key", { cose: withMember(-2, Buffer.from([1]), RSA) }],
  ["an RSA exponent of 1 in three bytes", "public-key", { cose: withMember(-2, Buffer.from([0, 0, 1]), RSA) }],
  [
    "no credential in the authenticator data",
    "flags",
    {
      authData: (bytes) => {
        const plain = Buffer.from(bytes.subarray(0, 37));
        plain.writeUInt8(UNDER, 32);
        return plain;
      },
    },
  ],
  ["another id inside than outside", "credential-id", { innerId: Buffer.alloc(32, 9) }],
  ["an id of no bytes inside", "credential-id", { innerId: Buffer.alloc(0) }],
  ["an id of 1024 bytes inside", "credential-id", { innerId: Buffer.alloc(1_024, 9) }],
  ["an id longer than the data", "encoding", { authData: (bytes) => bytes.subarray(0, 70) }],
  [
    "attestation none with a certificate",
    "attestation",
    objectWith((parts) => attestationObject({ ...parts, attStmt: new Map([["x5c", [Buffer.alloc(9)]]]) })),
  ],
  [
    "an attestation object with a member too many",
    "attestation",
    objectWith(({ fmt, attStmt, authData }) =>
      pairs([
        ["fmt", fmt],
        ["attStmt", attStmt],
        ["authData", authData],
        ["epAtt", true],
      ]),
    ),
  ],
  [
    "an attestation object with two authenticator data",
    "encoding",
    objectWith(({ fmt, attStmt, authData }) =>
      pairs([
        ["fmt", fmt],
        ["attStmt", attStmt],
        ["authData", authData],
        ["authData", authData],
      ]),
    ),
  ],
  [
    "an attestation object without a statement",
    "attestation",
    objectWith(({ fmt, authData }) =>
      pairs([
        ["fmt", fmt],
        ["authData", authData],
      ]),
    ),
  ],
  [
    "an attestation object with bytes after it",
    "encoding",
    objectWith((parts) => Buffer.concat([attestationObject(parts), Buffer.from([0])])),
  ],
  [
    "an attestation object under a tag",
    "encoding",
    objectWith((parts) => Buffer.concat([Buffer.from([0xc0]), attestationObject(parts)])),
  ],
  [
    "an attestation object of 70 kilobytes",
    "shape",
    objectWith((parts) => Buffer.concat([attestationObject(parts), Buffer.alloc(70_000)])),
  ],
  ["a format that is a number", "attestation", objectWith((parts) => attestationObject({ ...parts, fmt: 7 }))],
  [
    "authenticator data as text",
    "attestation",
    objectWith(({ fmt, attStmt }) =>
      pairs([
        ["fmt", fmt],
        ["attStmt", attStmt],
        ["authData", "text"],
      ]),
    ),
  ],
  ["a self attestation by another key", "attestation", { attestation: "self", sign: (data) => signWith(OTHER, data) }],
  [
    "a self attestation over other client data",
    "attestation",
    { attestation: "self", signed: (authData) => Buffer.concat([authData, Buffer.alloc(32)]) },
  ],
  [
    "a self attestation under another algorithm",
    "attestation",
    objectWith((parts) =>
      attestationObject({
        ...parts,
        fmt: "packed",
        attStmt: new Map<string, Item>([
          ["alg", -257],
          ["sig", Buffer.alloc(256)],
        ]),
      }),
    ),
  ],
  ["a self attestation with an empty signature", "encoding", { attestation: "self", sign: () => Buffer.alloc(0) }],
  [
    "a self attestation with a member too many",
    "attestation",
    objectWith((parts) =>
      attestationObject({
        ...parts,
        fmt: "packed",
        attStmt: new Map<string, Item>([
          ["alg", -7],
          ["sig", Buffer.alloc(70)],
          ["ecdaaKeyId", Buffer.alloc(4)],
        ]),
      }),
    ),
  ],
];

const ASSERTIONS: Hostile[] = [
  ["a credential in an assertion", "flags", { flags: UNDER | FLAG.AT }],
  ["the signature of another key", "signature", { sign: (data) => signWith(OTHER, data) }],
  ["a signature over nothing", "signature", { signed: () => Buffer.alloc(0) }],
  ["a signature over the client data, unhashed", "signature", { signed: (authData) => authData }],
  [
    "a signature over the two parts in the other order",
    "signature",
    { signed: (authData, hash) => Buffer.concat([hash, authData]) },
  ],
  [
    "a signature over the hash of other client data",
    "signature",
    { signed: (authData) => Buffer.concat([authData, createHash("sha256").update("{}").digest()]) },
  ],
  ["a signature with SHA-384", "signature", { sign: (data) => signWith(ES256, data, "sha384") }],
  ["a signature with SHA-1", "signature", { sign: (data) => signWith(ES256, data, "sha1") }],
  ["an Ed25519 signature for an ES256 key", "encoding", { sign: (data) => signWith(ED, data) }],
  ["an RSA signature for an ES256 key", "encoding", { sign: (data) => signWith(RSA, data) }],
  ["a signature of no bytes", "shape", { sign: () => Buffer.alloc(0) }],
  ["a signature of zeros", "signature", { sign: () => Buffer.from("3006020100020100", "hex") }],
  [
    "r and s of the group's order",
    "signature",
    {
      sign: () => {
        const n = Buffer.from("00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex");
        return Buffer.concat([Buffer.from("30460221", "hex"), n, Buffer.from("0221", "hex"), n]);
      },
    },
  ],
  [
    "a signature with bytes after it",
    "encoding",
    { sign: (data) => Buffer.concat([signWith(ES256, data), Buffer.from([0])]) },
  ],
  [
    "a signature with a length too long by one",
    "encoding",
    {
      sign: (data) => {
        const der = signWith(ES256, data);
        der.writeUInt8(der.readUInt8(1) + 1, 1);
        return der;
      },
    },
  ],
  [
    "a signature with a length in long form",
    "encoding",
    {
      sign: (data) => {
        const der = signWith(ES256, data);
        return Buffer.concat([Buffer.from([0x30, 0x81, der.length - 2]), der.subarray(2)]);
      },
    },
  ],
  [
    "a signature with a zero too many in front of r",
    "encoding",
    {
      sign: (data) => {
        const der = signWith(ES256, data);
        const r = der.readUInt8(3);
        return Buffer.concat([Buffer.from([0x30, der.length - 1, 0x02, r + 1, 0]), der.subarray(4)]);
      },
    },
  ],
  ["a raw signature where DER belongs", "encoding", { sign: () => Buffer.alloc(64, 5) }],
  ["no user handle, where nobody was named", "user-handle", {}, part("userHandle", () => undefined)],
  ["an empty user handle", "shape", {}, part("userHandle", () => "")],
  ["another account's user handle", "user-handle", {}, part("userHandle", () => encode(Buffer.alloc(32, 3)))],
  ["a key that has become copyable", "backup-eligibility", { flags: UNDER | FLAG.BE }],
  [
    "authenticator data of another sign-in",
    "signature",
    {},
    part("authenticatorData", (text) =>
      edited(text, (raw) => {
        raw.writeUInt32BE(99, 33);
        return raw;
      }),
    ),
  ],
  [
    "authenticator data with a stray bit in its base64url",
    "encoding",
    {},
    part("authenticatorData", (text) => text.replace(/.$/, (last) => (last === "A" ? "B" : "A")).replace(/A$/, "B")),
  ],
  ["a signature in padded base64", "shape", {}, part("signature", (text) => `${text}=`)],
  ["a signature cut short by a letter", "encoding", {}, part("signature", (text) => text.slice(0, -4))],
];

const NAMELESS: Edit = (answer) => answer;

const world = async (key = ES256) => {
  const all = identity();
  const join = async (uid: string, sid: string) => {
    const session = storedSession({ uid, sid });
    await all.deps.sessions.start({ uid, sid, signedInAt: NOW, at: NOW, build: () => session });
    const token = { ...caller().token, email: `${uid}@example.org` };
    all.statuses.set(uid, { disabled: false, email: token.email, emailVerified: true, tokensValidAfter: 0 });
    return caller({ uid, sid, session, token });
  };
  const by = await join("ann", SID);
  const changed = (change: Change, challenge: string) => (typeof change === "function" ? change(challenge) : change);
  const enrol = async (change: Change = {}, edit: Edit = NAMELESS, { as = by, fill = 7 } = {}) => {
    const { challenge, options } = await enrolPasskey(all.deps, as);
    const passkey = passkeyOf(key, options.user.id, fill);
    const response = edit(create({ passkey, challenge: options.challenge, ...changed(change, options.challenge) }));
    await confirmPasskey(all.deps, as, { challenge, response, name: "Key" });
    return passkey;
  };
  const finish = (challenge: string, response: unknown) =>
    finishSignIn(all.deps, by, { challenge, response, device: { name: "Laptop" } });
  const signIn = async (passkey: SoftPasskey, change: Change = {}, edit: Edit = NAMELESS) => {
    const { challenge, options } = await beginSignIn(all.deps);
    const given = { passkey, challenge: options.challenge, ...changed(change, options.challenge) };
    return finish(challenge, edit(get(given)));
  };
  return { ...all, by, join, enrol, finish, signIn };
};

/** The reason, when it was refused as it must be: a refusal of ours, in the one public sentence. */
const refusal = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "accepted",
    (error: unknown) => {
      if (!(error instanceof DomainError) || error.code !== "identity/passkey-rejected") throw error;
      expect(error.details).toEqual({});
      expect(error.message).toBe("This passkey was not accepted. Try again, or use another way.");
      return reasonOf(error);
    },
  );

const named = (cases: Hostile[]) => cases.map(([name, reason, change, edit]) => ({ name, reason, change, edit }));
const registrations = named([...either("webauthn.create", "webauthn.get"), ...REGISTRATIONS]);
const assertions = named([...either("webauthn.get", "webauthn.create"), ...ASSERTIONS]);

describe("a hostile authenticator sets up", () => {
  test.each(registrations)("$name: refused ($reason)", async ({ reason, change, edit }) => {
    const { deps, told, enrol } = await world();
    expect(await refusal(enrol(change, edit))).toBe(reason);
    expect((await deps.factors.find("ann"))?.passkeys).toEqual([]);
    expect(told.at(-1)).toMatchObject({ type: { name: "identity.factor-rejected" }, detail: { reason } });
  });

  test("a credential id that is the account's own already: refused", async () => {
    const { enrol } = await world();
    await enrol();
    expect(await refusal(enrol())).toBe("credential-taken");
  });

  test("a credential id that is another account's: refused, and the other's works on", async () => {
    const { enrol, join, signIn } = await world();
    const passkey = await enrol();
    const thief = await join("bob", "bobs-session-id-012345");
    expect(await refusal(enrol({}, NAMELESS, { as: thief }))).toBe("credential-taken");
    expect(await signIn(passkey)).toMatchObject({ customToken: expect.stringContaining("custom-token:ann:") });
  });
});

describe("a hostile authenticator signs in with", () => {
  test.each(assertions)("$name: refused ($reason)", async ({ reason, change, edit }) => {
    const { told, enrol, signIn } = await world();
    const passkey = await enrol();
    told.length = 0;
    expect(await refusal(signIn(passkey, change, edit))).toBe(reason);
    expect(told).toMatchObject([{ type: { name: "identity.factor-rejected" }, detail: { reason } }]);
  });

  test("an Ed25519 signature whose S is larger by the group's order: refused", async () => {
    const { enrol, signIn } = await world(ED);
    const passkey = await enrol();
    const malleated = (data: Uint8Array): Uint8Array => {
      const signature = signWith(ED, data);
      const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + ORDER;
      return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse()]);
    };
    expect(await refusal(signIn(passkey, { sign: malleated }))).toBe("signature");
    await expect(signIn(passkey)).resolves.toBeDefined();
  });

  test("an RSA signature of all zeros, and the message itself as one: refused", async () => {
    const { enrol, signIn } = await world(RSA);
    const passkey = await enrol();
    const itself = (data: Uint8Array) => Buffer.concat([Buffer.alloc(224), createHash("sha256").update(data).digest()]);
    expect(await refusal(signIn(passkey, { sign: () => Buffer.alloc(256) }))).toBe("signature");
    expect(await refusal(signIn(passkey, { sign: itself }))).toBe("signature");
    await expect(signIn(passkey)).resolves.toBeDefined();
  });

  test("a passkey that nobody has, though its key be the one everybody knows: refused", async () => {
    const { signIn } = await world();
    expect(await refusal(signIn(passkeyOf(OTHER, encode(Buffer.alloc(32)))))).toBe("signature");
    const d = Buffer.alloc(32);
    d.writeUInt8(1, 31);
    const jwk = { kty: "EC", crv: "P-256", d: encode(d), x: BASE.x, y: BASE.y };
    const key = { ...ES256, privateKey: createPrivateKey({ key: jwk, format: "jwk" }) };
    const known = passkeyOf(key, encode(Buffer.alloc(32)));
    expect(await refusal(signIn(known))).toBe("user-handle");
    expect(
      await refusal(
        signIn(
          known,
          {},
          part("userHandle", () => undefined),
        ),
      ),
    ).toBe("user-handle");
  });

  test("another account's passkey under this account's handle: refused", async () => {
    const { enrol, join, signIn } = await world();
    const hers = await enrol();
    const his = await enrol({}, NAMELESS, { as: await join("bob", "bobs-session-id-012345"), fill: 8 });
    expect(await refusal(signIn({ ...his, userHandle: hers.userHandle }))).toBe("user-handle");
    expect(await refusal(signIn({ ...hers, id: his.id, key: OTHER }))).toBe("signature");
  });

  test("the same answer again, and the same signature written as its twin (r, n - s): refused, the challenge is used up", async () => {
    const { deps, enrol, finish } = await world();
    const passkey = await enrol();
    const { challenge, options } = await beginSignIn(deps);
    const answer = get({ passkey, challenge: options.challenge });
    await finish(challenge, answer);
    expect(await refusal(finish(challenge, answer))).toBe("challenge");
    const twin = part("signature", (text) => edited(text, twinOf))(answer);
    expect(await refusal(finish(challenge, twin))).toBe("challenge");
  });

  test("an answer to a challenge that a wrong answer used up, and one that came too late: refused", async () => {
    const { deps, enrol, finish, time } = await world();
    const passkey = await enrol();
    const used = await beginSignIn(deps);
    await refusal(finish(used.challenge, {}));
    expect(await refusal(finish(used.challenge, get({ passkey, challenge: used.options.challenge })))).toBe(
      "challenge",
    );
    const late = await beginSignIn(deps);
    time.now = late.expiresAt;
    expect(await refusal(finish(late.challenge, get({ passkey, challenge: late.options.challenge })))).toBe(
      "challenge",
    );
  });

  test.each(["", "a/b", "../../secUsers/ann", "__proto__", "x".repeat(22)])("the challenge %p: refused", async (id) => {
    const { enrol, finish } = await world();
    const passkey = await enrol();
    expect(await refusal(finish(id, get({ passkey, challenge: "AAAA" })))).toBe("challenge");
  });

  test("a challenge of its own set-up, and a set-up with one of a sign-in: refused", async () => {
    const { deps, by, enrol, finish } = await world();
    const passkey = await enrol();
    const setUp = await enrolPasskey(deps, by);
    expect(await refusal(finish(setUp.challenge, get({ passkey, challenge: setUp.options.challenge })))).toBe(
      "challenge",
    );
    const { challenge, options } = await beginSignIn(deps);
    const response = create({ passkey: passkeyOf(OTHER, "", 9), challenge: options.challenge });
    expect(await refusal(confirmPasskey(deps, by, { challenge, response, name: "Key" }))).toBe("challenge");
  });

  test("the answer of a set-up: refused", async () => {
    const { deps, enrol, finish } = await world();
    const passkey = await enrol();
    const { challenge, options } = await beginSignIn(deps);
    expect(await refusal(finish(challenge, create({ passkey, challenge: options.challenge })))).toBe("shape");
  });

  test("a counter that stands still, and one that went back: refused, the warning kept, and told once each", async () => {
    const { deps, enrol, signIn, names } = await world();
    const passkey = await enrol({ counter: 5 });
    await signIn(passkey, { counter: 6 });
    for (const counter of [6, 5, 0]) expect(await refusal(signIn(passkey, { counter }))).toBe("counter");
    expect((await deps.factors.find("ann"))?.passkeys).toMatchObject([{ counter: 6, cloneWarningAt: NOW }]);
    expect(names().filter((name) => name === "identity.passkey-cloned")).toHaveLength(3);
    await expect(signIn(passkey, { counter: 7 })).resolves.toBeDefined();
  });

  test("a forged answer with an old counter: refused, and no alarm raised, since nobody signed it", async () => {
    const { deps, enrol, signIn } = await world();
    const passkey = await enrol({ counter: 5 });
    const forged = { counter: 1, sign: (data: Uint8Array) => signWith(OTHER, data) };
    expect(await refusal(signIn(passkey, forged))).toBe("signature");
    expect((await deps.factors.find("ann"))?.passkeys[0]).not.toHaveProperty("cloneWarningAt");
  });
});

describe("a hostile authenticator steps up with", () => {
  const hash = (fill: string): string => fill.repeat(43);
  const asked = async () => {
    const all = await world();
    const passkey = await all.enrol();
    const transaction = hash("A");
    const { challenge, options } = await challengePasskey(all.deps, all.by, { scope: "payment", transaction });
    const response = get({ passkey, challenge: options.challenge });
    const session = storedSession();
    const give = (over: {
      session?: StoredSession;
      scope?: string;
      transaction?: string | undefined;
      response?: unknown;
    }) => {
      const proof = { method: "passkey", challenge, response: over.response ?? response } as const;
      return stepUpWith(all.deps, { session, scope: "payment", transaction, ...over, proof });
    };
    return { ...all, passkey, challenge, response, give };
  };

  test.each([
    ["another scope", { scope: "privacy.erase" }],
    ["the scope for everything", { scope: "any" }],
    ["another transaction", { transaction: hash("B") }],
    ["no transaction", { transaction: undefined }],
  ])("an answer for %s: refused, and used up", async (_name, over) => {
    const { give } = await asked();
    expect(await refusal(give(over))).toBe("challenge");
    expect(await refusal(give({}))).toBe("challenge");
  });

  test.each([
    ["another session of the account", { session: storedSession({ sid: "another-session-id-012" }) }],
    ["another account's session", { session: storedSession({ uid: "bob" }) }],
  ])("an answer in %s: refused, and the challenge stays good for its own, once", async (_name, over) => {
    const { give } = await asked();
    expect(await refusal(give(over))).toBe("challenge");
    await expect(give({})).resolves.toBeDefined();
    expect(await refusal(give({}))).toBe("challenge");
  });

  test("an answer in a sign-in, and a sign-in's in a step-up: refused, and nothing is used up", async () => {
    const { deps, challenge, response, finish, passkey, give } = await asked();
    expect(await refusal(finish(challenge, response))).toBe("challenge");
    const other = await beginSignIn(deps);
    const session = storedSession();
    const proof = {
      method: "passkey",
      challenge: other.challenge,
      response: get({ passkey, challenge: other.options.challenge }),
    } as const;
    expect(await refusal(stepUpWith(deps, { session, scope: "payment", proof }))).toBe("challenge");
    await expect(give({})).resolves.toBeDefined();
  });

  test("another account's passkey: refused", async () => {
    const { deps, by, join, enrol } = await asked();
    const his = await enrol({}, NAMELESS, { as: await join("bob", "bobs-session-id-012345"), fill: 8 });
    const { challenge, options } = await challengePasskey(deps, by, { scope: "any" });
    const proof = {
      method: "passkey",
      challenge,
      response: get({ passkey: his, challenge: options.challenge }),
    } as const;
    expect(await refusal(stepUpWith(deps, { session: storedSession(), scope: "any", proof }))).toBe("signature");
  });

  test("a passkey that was removed meanwhile: refused", async () => {
    const { deps, give, passkey } = await asked();
    await deps.factors.removePasskey("ann", encode(passkey.id));
    expect(await refusal(give({}))).toBe("signature");
  });

  test.each([null, 7, "text", [], {}, { id: "AA" }, { response: { response: {} } }])(
    "%j instead of an answer: refused",
    async (response) => {
      const { give } = await asked();
      expect(await refusal(give({ response: response ?? 0 }))).toBe("shape");
    },
  );

  test("the honest answer is accepted: what was refused above was refused for what it was", async () => {
    const { give } = await asked();
    expect(await give({})).toMatchObject({ aal: 3, stepUp: { payment: { at: NOW, transaction: hash("A") } } });
  });
});

test("there are at least 60 hostile cases, each with a name of its own", () => {
  const cases = [...REGISTRATIONS, ...ASSERTIONS, ...either("webauthn.get", "webauthn.create")].map(([name]) => name);
  expect(new Set(cases).size).toBe(cases.length);
  expect(cases.length).toBeGreaterThanOrEqual(60);
  expect(registrations.length + assertions.length).toBeGreaterThanOrEqual(150);
});

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const BASE = {
  x: encode(Buffer.from("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296", "hex")),
  y: encode(Buffer.from("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", "hex")),
};
const GROUP = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature that verifies wherever this one does. */
const twinOf = (der: Buffer): Buffer => {
  const sAt = 4 + der.readUInt8(3);
  const s = GROUP - BigInt(`0x${der.subarray(sAt + 2).toString("hex")}`);
  const hex = s.toString(16).padStart(64, "0");
  const bytes = Buffer.from(hex >= "8" ? `00${hex}` : hex, "hex");
  const twin = Buffer.concat([der.subarray(2, sAt), Buffer.from([0x02, bytes.length]), bytes]);
  return Buffer.concat([Buffer.from([0x30, twin.length]), twin]);
};
