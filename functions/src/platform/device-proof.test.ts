import { describe, expect, test } from "@jest/globals";
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import fc from "fast-check";
import { config } from "../config.js";
import { encodeText, jws, newDevice, signText } from "./device.fixture.js";
import { verifyDeviceProof } from "./device-proof.js";

const NOW = Date.UTC(2026, 0, 1, 12);
const PROJECT = "demo-proof";
const CALL = "payments-transfer-make";
const DATA = { to: "bob", amount: 10, _stepUp: { method: "totp", code: "123456" } };
const HTU = `https://${config.functions.region}-${PROJECT}.cloudfunctions.net/${CALL}`;

const ann = newDevice();
const eve = newDevice();

const judge = (proof: unknown, data: unknown = DATA, now = NOW) =>
  verifyDeviceProof({
    proof,
    data,
    functionId: CALL,
    projectId: PROJECT,
    region: config.functions.region,
    clock: () => now,
  });
const prove = (over: Partial<Parameters<typeof ann.prove>[0]> = {}) =>
  ann.prove({ project: PROJECT, functionId: CALL, data: DATA, at: NOW, ...over });

const why = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    const { code, details } = error as { code: string; details: { why: string } };
    expect(code).toBe("request/proof-rejected");
    return details.why;
  }
  return "accepted";
};

const [header = "", payload = "", signature = ""] = prove().split(".");
const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
const resigned = (head: string, body: string) => signText(ann.privateKey, encodeText(head), encodeText(body));
const withHeader = (change: object) => prove({ header: change });
const withClaims = (change: object) => prove({ claims: change });
const bytes = Buffer.from(signature, "base64url");
const withSignature = (changed: Uint8Array) => `${header}.${payload}.${Buffer.from(changed).toString("base64url")}`;

const P384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 });
const OTHER_POINT = randomBytes(32).toString("base64url");
// The order of P-256 (FIPS 186-5): R and S lie below it.
const ORDER = Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex");

describe("a proof of the device's key for this call", () => {
  test("is accepted, with the key's thumbprint after RFC 7638 and the hash of the secret", () => {
    expect(judge(prove())).toMatchObject({ jkt: ann.jkt, secretHash: ann.secretHash, iat: NOW / 1000 });
    expect(judge(prove({ secret: null }))).not.toHaveProperty("secretHash");
    const members = { crv: "P-256", kty: "EC", x: ann.jwk.x, y: ann.jwk.y };
    expect(ann.jkt).toBe(createHash("sha256").update(JSON.stringify(members)).digest("base64url"));
  });

  test("is accepted a minute early and late, and whatever order its members are written in", () => {
    expect(judge(prove(), DATA, NOW + 60_000)).toBeDefined();
    expect(judge(prove(), DATA, NOW - 60_000)).toBeDefined();
    const turned = Object.fromEntries(Object.entries(claims).reverse());
    const { x, y } = ann.jwk;
    const proof = jws(
      ann.privateKey,
      { jwk: { y, x, crv: "P-256", kty: "EC" }, alg: "ES256", typ: "dpop+jwt" },
      turned,
    );
    expect(judge(proof, { _stepUp: DATA._stepUp, amount: 10, to: "bob" })).toMatchObject({ jkt: ann.jkt });
  });

  test("says the server's time when it is refused for its own, so that a wrong clock can be corrected", () => {
    expect(() => judge(prove(), DATA, NOW + 61_000)).toThrow(
      expect.objectContaining({ details: { why: "expired", now: NOW + 61_000 } }),
    );
  });
});

const hmac = (head: object) => {
  const signed = `${encodeText(JSON.stringify(head))}.${payload}`;
  return `${signed}.${createHmac("sha256", JSON.stringify(ann.jwk)).update(signed).digest("base64url")}`;
};
const foreign = (alg: string, key: typeof RSA.privateKey, jwk: unknown, hash = "sha256") => {
  const signed = `${encodeText(JSON.stringify({ typ: "dpop+jwt", alg, jwk }))}.${payload}`;
  return `${signed}.${sign(hash, Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
};
const full = { typ: "dpop+jwt", alg: "ES256", jwk: ann.jwk };

const HOSTILE: readonly (readonly [string, unknown, string])[] = [
  // What is no compact JWS at all.
  ["nothing", undefined, "malformed"],
  ["null", null, "malformed"],
  ["a number", 7, "malformed"],
  ["an object", { jwt: prove() }, "malformed"],
  ["an array of proofs", [prove()], "malformed"],
  ["the empty text", "", "malformed"],
  ["garbage", "garbage", "malformed"],
  ["two parts", `${header}.${payload}`, "malformed"],
  ["four parts", `${prove()}.${signature}`, "malformed"],
  ["five parts, as an encrypted token", "a.b.c.d.e", "malformed"],
  ["only dots", "..", "malformed"],
  ["an empty signature", `${header}.${payload}.`, "malformed"],
  ["white space around it", ` ${prove()}`, "malformed"],
  ["padding", `${header}.${payload}.${signature}==`, "malformed"],
  ["the other base64 alphabet", `${header}.${payload}.${"+/".repeat(43)}`, "malformed"],
  ["a proof of megabytes", prove({ claims: { jti: "x".repeat(1_000_000) } }), "malformed"],
  ["a proof of just over 2 KB", prove({ claims: { more: "x".repeat(1_400) } }), "malformed"],
  // The header.
  ["no algorithm", `${encodeText(JSON.stringify({ ...full, alg: "none" }))}.${payload}.`, "malformed"],
  ["algorithm none with a signature", withHeader({ alg: "none" }), "malformed"],
  ["HMAC under the public key", hmac({ ...full, alg: "HS256" }), "malformed"],
  ["HMAC that says ES256", hmac(full), "signature"],
  ["RS256", foreign("RS256", RSA.privateKey, RSA.publicKey.export({ format: "jwk" })), "malformed"],
  ["ES384", foreign("ES384", P384.privateKey, P384.publicKey.export({ format: "jwk" }), "sha384"), "malformed"],
  ["a key of another curve", foreign("ES256", P384.privateKey, P384.publicKey.export({ format: "jwk" })), "malformed"],
  ["an algorithm in lower case", withHeader({ alg: "es256" }), "malformed"],
  ["another type", withHeader({ typ: "JWT" }), "malformed"],
  ["no type", withHeader({ typ: undefined }), "malformed"],
  ["a private key", withHeader({ jwk: ann.privateKey.export({ format: "jwk" }) }), "malformed"],
  ["no key", withHeader({ jwk: undefined }), "malformed"],
  ["a key that is text", withHeader({ jwk: JSON.stringify(ann.jwk) }), "malformed"],
  ["a list of keys", withHeader({ jwk: [ann.jwk] }), "malformed"],
  ["a key of another kind", withHeader({ jwk: { ...ann.jwk, kty: "OKP" } }), "malformed"],
  ["a key that is named another curve's", withHeader({ jwk: { ...ann.jwk, crv: "P-384" } }), "malformed"],
  ["a key without a coordinate", withHeader({ jwk: { kty: "EC", crv: "P-256", x: ann.jwk.x } }), "malformed"],
  ["a key with a name", withHeader({ jwk: { ...ann.jwk, kid: "1" } }), "malformed"],
  ["a coordinate that is too short", withHeader({ jwk: { ...ann.jwk, x: ann.jwk.x.slice(1) } }), "malformed"],
  ["a coordinate that is a number", withHeader({ jwk: { ...ann.jwk, x: 7 } }), "malformed"],
  ["a coordinate with bits left over", withHeader({ jwk: { ...ann.jwk, x: `${"A".repeat(42)}B` } }), "malformed"],
  ["a point that is not on the curve", withHeader({ jwk: { ...ann.jwk, y: OTHER_POINT } }), "signature"],
  ["the point at infinity", withHeader({ jwk: { ...ann.jwk, x: "A".repeat(43), y: "A".repeat(43) } }), "signature"],
  ["the key of another device", withHeader({ jwk: eve.jwk }), "signature"],
  ["a critical extension", withHeader({ crit: ["b64"], b64: false }), "malformed"],
  ["an address of keys", withHeader({ jku: "https://evil.example/keys" }), "malformed"],
  ["a certificate's address", withHeader({ x5u: "https://evil.example/cert" }), "malformed"],
  ["a certificate", withHeader({ x5c: ["MII"] }), "malformed"],
  ["a key id", withHeader({ kid: "../../keys" }), "malformed"],
  [
    "a prototype in the header",
    resigned(`{"__proto__":{},${JSON.stringify(full).slice(1)}`, JSON.stringify(claims)),
    "malformed",
  ],
  ["a header that is a list", resigned(JSON.stringify([full]), JSON.stringify(claims)), "malformed"],
  ["a header that is no JSON", resigned("{", JSON.stringify(claims)), "malformed"],
  ["two algorithms", resigned(`{"alg":"none",${JSON.stringify(full).slice(1)}`, JSON.stringify(claims)), "malformed"],
  // The payload.
  ["no id", withClaims({ jti: undefined }), "malformed"],
  ["a short id", withClaims({ jti: "x".repeat(21) }), "malformed"],
  ["a long id", withClaims({ jti: "x".repeat(65) }), "malformed"],
  ["an id that is a path", withClaims({ jti: "../".repeat(10) }), "malformed"],
  ["an id with a line end", withClaims({ jti: `${"x".repeat(22)}\n` }), "malformed"],
  ["an id that is a number", withClaims({ jti: 1e21 }), "malformed"],
  ["another method", withClaims({ htm: "GET" }), "function"],
  ["the method in lower case", withClaims({ htm: "post" }), "function"],
  ["no method", withClaims({ htm: undefined }), "malformed"],
  ["another function", prove({ functionId: "payments-transfer-list" }), "function"],
  ["another project", prove({ project: "demo-other" }), "function"],
  ["another region", withClaims({ htu: HTU.replace(config.functions.region, "us-central1") }), "function"],
  ["another host", withClaims({ htu: HTU.replace("cloudfunctions.net", "evil.example") }), "function"],
  ["plain HTTP", withClaims({ htu: HTU.replace("https", "http") }), "function"],
  ["a query after the function", withClaims({ htu: `${HTU}?` }), "function"],
  ["a slash after the function", withClaims({ htu: `${HTU}/` }), "function"],
  ["no function", withClaims({ htu: undefined }), "malformed"],
  ["a time too long ago", prove({ at: NOW - 61_000 }), "expired"],
  ["a time too far ahead", prove({ at: NOW + 61_000 }), "expired"],
  ["a time in milliseconds", withClaims({ iat: NOW }), "expired"],
  ["a time that is text", withClaims({ iat: String(NOW / 1000) }), "malformed"],
  ["a time with a fraction", withClaims({ iat: NOW / 1000 + 0.5 }), "malformed"],
  [
    "a time without an end",
    resigned(JSON.stringify(full), JSON.stringify(claims).replace(/"iat":\d+/, '"iat":1e999')),
    "malformed",
  ],
  ["no time", withClaims({ iat: undefined }), "malformed"],
  ["no hash of the data", withClaims({ bh: undefined }), "malformed"],
  ["a hash of other data", prove({ data: { ...DATA, amount: 11 } }), "body"],
  ["a hash that leaves the second factor out", prove({ data: { to: "bob", amount: 10 } }), "body"],
  ["a hash in hexadecimal", withClaims({ bh: createHash("sha256").update("{}").digest("hex") }), "malformed"],
  ["a short secret", withClaims({ secret: "short" }), "malformed"],
  ["a secret that is none", withClaims({ secret: null }), "malformed"],
  ["an extra member", withClaims({ exp: NOW / 1000 + 60 }), "malformed"],
  ["an access token's hash", withClaims({ ath: "A".repeat(43) }), "malformed"],
  [
    "two ids",
    resigned(JSON.stringify(full), `{"jti":"${"y".repeat(22)}",${JSON.stringify(claims).slice(1)}`),
    "malformed",
  ],
  [
    "two ids, one of them escaped",
    resigned(JSON.stringify(full), `{"\\u006ati":"${"y".repeat(22)}",${JSON.stringify(claims).slice(1)}`),
    "malformed",
  ],
  ["a payload that is null", jws(ann.privateKey, full, null), "malformed"],
  ["a payload that is text", jws(ann.privateKey, full, "x"), "malformed"],
  // The signature.
  [
    "a signature of another device",
    prove({ header: { jwk: ann.jwk } }).replace(
      /[^.]*$/,
      eve.prove({ project: PROJECT, functionId: CALL, data: DATA, at: NOW }).split(".")[2] ?? "",
    ),
    "signature",
  ],
  ["a signature of another proof", `${header}.${payload}.${prove().split(".")[2] ?? ""}`, "signature"],
  [
    "a signature in DER",
    withSignature(sign("sha256", Buffer.from(`${header}.${payload}`), ann.privateKey)),
    "signature",
  ],
  ["a signature that is cut", withSignature(bytes.subarray(0, 63)), "signature"],
  ["a signature that is longer", withSignature(Buffer.concat([bytes, Buffer.alloc(1)])), "signature"],
  ["a signature of zeros", withSignature(Buffer.alloc(64)), "signature"],
  ["R that is zero", withSignature(Buffer.concat([Buffer.alloc(32), bytes.subarray(32)])), "signature"],
  ["S that is zero", withSignature(Buffer.concat([bytes.subarray(0, 32), Buffer.alloc(32)])), "signature"],
  ["R that is the order", withSignature(Buffer.concat([ORDER, bytes.subarray(32)])), "signature"],
  ["S that is the order", withSignature(Buffer.concat([bytes.subarray(0, 32), ORDER])), "signature"],
  ["R and S exchanged", withSignature(Buffer.concat([bytes.subarray(32), bytes.subarray(0, 32)])), "signature"],
  ["a signature of ones", withSignature(Buffer.alloc(64, 0xff)), "signature"],
  [
    "a signature under another header",
    `${encodeText(JSON.stringify(Object.fromEntries(Object.entries(full).reverse())))}.${payload}.${signature}`,
    "signature",
  ],
];

describe("a hostile proof:", () => {
  test.each(HOSTILE)("%s is refused", (_what, proof, reason) => {
    expect(why(() => judge(proof))).toBe(reason);
  });

  test.each<[string, unknown]>([
    ["another amount", { ...DATA, amount: 11 }],
    ["another code", { ...DATA, _stepUp: { method: "totp", code: "123457" } }],
    ["no second factor", { to: "bob", amount: 10 }],
    ["one more field", { ...DATA, note: "" }],
    ["a field that is text instead of a number", { ...DATA, amount: "10" }],
    ["a list", [DATA]],
    ["nothing", null],
    ["what JSON does not have", { ...DATA, amount: Number.NaN }],
    ["data deeper than the stack", nested(200_000)],
  ])("a good proof for other data is refused: %s", (_what, data) => {
    expect(why(() => judge(prove(), data))).toBe("body");
  });
});

// Both (R, S) and (R, -S) are signatures of ECDSA, and browsers make either: such a copy is the same proof, and counts once.
test("a proof whose signature was turned round is still the proof of the same key and id", () => {
  const s = BigInt(`0x${bytes.subarray(32).toString("hex")}`);
  const turned = (BigInt(`0x${ORDER.toString("hex")}`) - s).toString(16).padStart(64, "0");
  const copy = withSignature(Buffer.concat([bytes.subarray(0, 32), Buffer.from(turned, "hex")]));
  expect(judge(copy)).toEqual(judge(`${header}.${payload}.${signature}`));
});

test("no change of one character of a proof is accepted", () => {
  const proof = prove();
  const other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\u0000é";
  fc.assert(
    fc.property(fc.nat(proof.length - 1), fc.constantFrom(...Array.from(other)), (at, letter) => {
      fc.pre(proof[at] !== letter);
      expect(why(() => judge(proof.slice(0, at) + letter + proof.slice(at + 1)))).not.toBe("accepted");
    }),
    { numRuns: 2_000 },
  );
});

test("no change of one byte of the data is accepted", () => {
  const text = JSON.stringify(DATA);
  const proof = prove();
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), (at, code) => {
      const changed = parsed(text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1));
      fc.pre(changed !== undefined && JSON.stringify(changed) !== text);
      expect(why(() => judge(proof, changed))).toBe("body");
    }),
    { numRuns: 1_000 },
  );
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}
