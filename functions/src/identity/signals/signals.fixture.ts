import { createHash, generateKeyPairSync, randomBytes, sign, type KeyPairKeyObjectResult } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { EventMessage, SecurityEvent } from "../../kernel/event.js";
import type { Kms } from "../../platform/kms.js";
import { post } from "../../platform/post.js";
import { identityError } from "../errors.js";
import { NOW } from "../identity.fixture.js";
import type { SignalDeps } from "./deps.js";
import { memoryReceiverStore } from "./receiver-store.js";
import { kmsSetSigner } from "./sign-set.js";
import { memorySignalStore } from "./signal-store.js";

/** Signals on memory stores, with a key of their own in the place of KMS. */
export const signalWorld = (over: Partial<SignalDeps> = {}) => {
  const told: SecurityEvent[] = [];
  const logged: object[] = [];
  const queued: string[] = [];
  const signals = memorySignalStore();
  const time = { now: NOW };
  const deps: SignalDeps = {
    receivers: memoryReceiverStore(),
    signals,
    signer: kmsSetSigner(fakeKms()),
    // Sealing that binds the place, as encryption does: the wrong place does not open.
    sealSecret: async ({ label, subject, secret }) =>
      Buffer.from(JSON.stringify([label, subject, Buffer.from(secret).toString("base64")])),
    openSecret: async ({ label, subject, token }) => {
      const [sealedLabel, sealedSubject, secret = ""] = JSON.parse(Buffer.from(token).toString()) as string[];
      if (sealedLabel !== label || sealedSubject !== subject) throw new Error("undecryptable");
      return Buffer.from(secret, "base64");
    },
    enqueue: async (id) => void queued.push(id),
    post,
    resolve: async () => ["93.184.216.34"],
    allowedOrigins: [],
    refuse: (why) => identityError("receiver-refused", { details: { why } }),
    issuer: () => "https://guard.example.org",
    projectId: () => "demo-firekeep",
    record: async (event) => void told.push(event),
    log: (_level, message, fields) => void logged.push({ message, ...fields }),
    clock: () => time.now,
    random: (size) => randomBytes(size),
    limits: { receivers: 3, attempts: 3, timeoutMs: 500 },
    ...over,
  };
  return { deps, told, logged, queued, signals, time };
};

/** An EC_SIGN_P256_SHA256 key, its versions made as they are named, that answers as Cloud KMS does: DER signatures, PEM keys. */
export const fakeKms = (): (() => Kms) => {
  const pairs = new Map<string, KeyPairKeyObjectResult>();
  const pairOf = (version = "1"): KeyPairKeyObjectResult => {
    const pair = pairs.get(version) ?? generateKeyPairSync("ec", { namedCurve: "P-256" });
    pairs.set(version, pair);
    return pair;
  };
  const kms: Partial<Kms> = {
    asymmetricSign: async ({ data, version = "1" }) => ({
      signature: sign("sha256", data, pairOf(version).privateKey),
      keyVersion: version,
    }),
    publicKey: async ({ version = "1" }) => ({
      pem: pairOf(version).publicKey.export({ format: "pem", type: "spki" }).toString(),
      keyVersion: version,
    }),
  };
  return () => kms as Kms;
};

export const event = (over: Partial<EventMessage> = {}): EventMessage => ({
  id: createHash("sha256").update(randomBytes(8)).digest("base64url"),
  at: NOW,
  name: "identity.session-revoked",
  class: "authentication",
  activity: 2,
  severity: "low",
  outcome: "success",
  subject: "ann",
  session: "sid-0123456789abcdefgh",
  detail: { reason: "owner" },
  ...over,
});

/** A receiver on loopback that answers one status after the other, the last one for good. */
export const startReceiver = async (...statuses: number[]) => {
  const got: { headers: IncomingMessage["headers"]; body: string }[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      got.push({ headers: request.headers, body });
      const status = statuses.length > 1 ? statuses.shift() : statuses[0];
      response.writeHead(status ?? 202).end();
    });
  });
  await new Promise<void>((up) => void server.listen(0, "127.0.0.1", up));
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const stop = () => new Promise((done) => server.close(done));
  return { got, origin, url: `${origin}/events`, stop };
};
