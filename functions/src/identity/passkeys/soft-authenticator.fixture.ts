import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

/** Anything that CBOR holds here; `Raw` is put in as it is. */
export type Item = number | string | boolean | Uint8Array | readonly Item[] | ReadonlyMap<number | string, Item> | Raw;
export interface Raw {
  readonly raw: Uint8Array;
}

/** A CBOR encoder that also writes what no honest authenticator would: order and twins are the caller's. */
export const cbor = (item: Item): Buffer => {
  if (typeof item === "number") return item < 0 ? head(1, -1 - item) : head(0, item);
  if (typeof item === "string") return Buffer.concat([head(3, Buffer.byteLength(item)), Buffer.from(item)]);
  if (typeof item === "boolean") return Buffer.from([item ? 0xf5 : 0xf4]);
  if (item instanceof Uint8Array) return Buffer.concat([head(2, item.length), item]);
  if (item instanceof Map) return pairs([...(item as ReadonlyMap<number | string, Item>)]);
  if ("raw" in item) return Buffer.from(item.raw);
  const list = item as readonly Item[];
  return Buffer.concat([head(4, list.length), ...list.map(cbor)]);
};

/** A map from its pairs, also with a key twice. */
export const pairs = (entries: readonly (readonly [Item, Item])[]): Buffer =>
  Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, value]) => [cbor(key), cbor(value)])]);

const head = (major: number, value: number): Buffer => {
  const top = major << 5;
  if (value < 24) return Buffer.from([top | value]);
  if (value < 0x100) return Buffer.from([top | 24, value]);
  if (value < 0x1_0000) return Buffer.from([top | 25, value >> 8, value & 0xff]);
  const long = Buffer.alloc(5);
  long.writeUInt8(top | 26);
  long.writeUInt32BE(value, 1);
  return long;
};

export const FLAG = { UP: 0x01, RFU1: 0x02, UV: 0x04, BE: 0x08, BS: 0x10, RFU2: 0x20, AT: 0x40, ED: 0x80 } as const;
export type KeyKind = "ES256" | "EdDSA" | "RS256";

export interface SoftKey {
  readonly kind: KeyKind;
  readonly privateKey: KeyObject;
  readonly cose: Map<number, Item>;
}

export const newKey = (kind: KeyKind): SoftKey => {
  const { privateKey, publicKey } =
    kind === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : kind === "EdDSA"
        ? generateKeyPairSync("ed25519")
        : generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const jwk = publicKey.export({ format: "jwk" });
  const part = (name: "x" | "y" | "n" | "e"): Buffer => Buffer.from(jwk[name] ?? "", "base64url");
  const cose: [number, Item][] =
    kind === "ES256"
      ? [
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, part("x")],
          [-3, part("y")],
        ]
      : kind === "EdDSA"
        ? [
            [1, 1],
            [3, -8],
            [-1, 6],
            [-2, part("x")],
          ]
        : [
            [1, 3],
            [3, -257],
            [-1, part("n")],
            [-2, part("e")],
          ];
  return { kind, privateKey, cose: new Map(cose) };
};

export const signWith = (
  { kind, privateKey }: Pick<SoftKey, "kind" | "privateKey">,
  data: Uint8Array,
  hash = "sha256",
): Buffer => sign(kind === "EdDSA" ? null : hash, data, privateKey);

/** A credential on a soft authenticator. */
export interface SoftPasskey {
  readonly key: SoftKey;
  readonly id: Buffer;
  readonly userHandle: string;
}

/** What a ceremony is made of; a hostile one changes any part of it. */
export interface Ceremony {
  readonly passkey: SoftPasskey;
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
  readonly flags: number;
  readonly counter: number;
  /** Members beside type, challenge, origin and crossOrigin, and instead of them. */
  readonly clientData: Readonly<Record<string, unknown>>;
  /** The client data as it is sent and signed, instead. */
  readonly clientDataJSON?: Uint8Array;
  readonly aaguid: Uint8Array;
  /** CBOR of the extension outputs; with it goes flag ED, unless flags say otherwise. */
  readonly extensions?: Uint8Array;
  /** The COSE_Key as it is sent. */
  readonly cose?: Item;
  /** The credential id inside the authenticator data. */
  readonly innerId?: Uint8Array;
  /** Changes the authenticator data before it is signed. */
  readonly authData?: (bytes: Buffer) => Uint8Array;
  readonly attestation: "none" | "self";
  readonly attestationObject?: (parts: { fmt: Item; attStmt: Item; authData: Uint8Array }) => Uint8Array;
  /** What is signed, and how. */
  readonly signed?: (authData: Uint8Array, hash: Uint8Array) => Uint8Array;
  readonly sign?: (data: Uint8Array) => Uint8Array;
}

export const HONEST_AAGUID = Buffer.from("00112233445566778899aabbccddeeff", "hex");

export const ceremony = (over: Partial<Ceremony> & Pick<Ceremony, "passkey" | "challenge">): Ceremony => ({
  origin: "https://example.org",
  rpId: "example.org",
  flags: FLAG.UP | FLAG.UV,
  counter: 0,
  clientData: {},
  aaguid: HONEST_AAGUID,
  attestation: "none",
  ...over,
});

/** `navigator.credentials.create()` on the soft authenticator. */
export const create = (over: Partial<Ceremony> & Pick<Ceremony, "passkey" | "challenge">) => {
  const made = ceremony(over);
  const { passkey } = made;
  const json = clientDataOf(made, "webauthn.create");
  const innerId = made.innerId ?? passkey.id;
  const length = Buffer.from([innerId.length >> 8, innerId.length & 0xff]);
  const cose = cbor(made.cose ?? passkey.key.cose);
  const attested = Buffer.concat([made.aaguid, length, innerId, cose]);
  const authData = authDataOf(made, FLAG.AT, attested);
  const signature = signatureOf(made, authData, json);
  const alg = passkey.key.cose.get(3) ?? 0;
  const fmt = made.attestation === "self" ? "packed" : "none";
  const attStmt: Item =
    made.attestation === "self"
      ? new Map<string, Item>([
          ["alg", alg],
          ["sig", signature],
        ])
      : new Map();
  const parts = { fmt, attStmt, authData };
  const object = made.attestationObject?.(parts) ?? attestationObject(parts);
  const id = passkey.id.toString("base64url");
  const response = { clientDataJSON: encode(json), attestationObject: encode(object), transports: ["internal"] };
  return { id, rawId: id, type: "public-key", response };
};

export const attestationObject = ({
  fmt,
  attStmt,
  authData,
}: {
  fmt: Item;
  attStmt: Item;
  authData: Uint8Array;
}): Buffer =>
  pairs([
    ["fmt", fmt],
    ["attStmt", attStmt],
    ["authData", authData],
  ]);

/** `navigator.credentials.get()` on the soft authenticator. */
export const get = (over: Partial<Ceremony> & Pick<Ceremony, "passkey" | "challenge">) => {
  const made = ceremony(over);
  const json = clientDataOf(made, "webauthn.get");
  const authData = authDataOf(made, 0, Buffer.alloc(0));
  const id = made.passkey.id.toString("base64url");
  const response = {
    clientDataJSON: encode(json),
    authenticatorData: encode(authData),
    signature: encode(signatureOf(made, authData, json)),
    userHandle: made.passkey.userHandle,
  };
  return { id, rawId: id, type: "public-key", response };
};

export const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

const clientDataOf = (made: Ceremony, type: string): Uint8Array => {
  const { challenge, origin, clientData } = made;
  return (
    made.clientDataJSON ?? Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...clientData }))
  );
};

const authDataOf = (made: Ceremony, flag: number, attested: Uint8Array): Uint8Array => {
  const flags = made.flags | flag | (made.extensions === undefined ? 0 : FLAG.ED);
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(made.counter);
  const bytes = Buffer.concat([
    createHash("sha256").update(made.rpId).digest(),
    Buffer.from([flags]),
    counter,
    attested,
    made.extensions ?? Buffer.alloc(0),
  ]);
  return made.authData?.(bytes) ?? bytes;
};

const signatureOf = (made: Ceremony, authData: Uint8Array, json: Uint8Array): Uint8Array => {
  const hash = createHash("sha256").update(json).digest();
  const data = made.signed?.(authData, hash) ?? Buffer.concat([authData, hash]);
  return made.sign?.(data) ?? signWith(made.passkey.key, data);
};
