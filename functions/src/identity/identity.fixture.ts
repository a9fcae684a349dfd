import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { deviceOf } from "../detection/device.js";
import type { Place, RiskDecision, SignInFacts, Verdict } from "../detection/index.js";
import { encodeTuple } from "../kernel/bytes.js";
import type { SecurityEvent } from "../kernel/event.js";
import { networkPrefix } from "../kernel/network.js";
import { SECOND } from "../kernel/time.js";
import type { Caller } from "../platform/secure-call.js";
import type { AuthDirectory, AuthStatus } from "./accounts/auth-directory.js";
import { memoryBlockStore } from "./accounts/block-store.js";
import { memoryChallengeStore } from "./challenges/challenge-store.js";
import type { IdentityDeps } from "./deps.js";
import type { Notice } from "./notices/notice.js";
import type { RelyingParty } from "./passkeys/relying-party.js";
import { memoryFactorStore } from "./factors/factor-store.js";
import { memorySessionStore, type Account, type StoredSession } from "./sessions/session-store.js";
import { otplibSdk } from "../platform/sdk.js";

export const NOW = Date.UTC(2026, 10, 22, 12, 0, 10);
export const SID = "sid-0123456789abcdefgh";

/** The relying party of tests. */
export const RP: RelyingParty = {
  id: "example.org",
  name: "Firekeep",
  origins: ["https://example.org", "android:apk-key-hash:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
  topOrigins: [],
};

/** Identity on memory stores, with a clock that is moved by hand and everything it told in reach. */
export const identity = (over: Partial<IdentityDeps> = {}) => {
  const time = { now: NOW };
  const accounts = new Map<string, Account>();
  const statuses = new Map<string, AuthStatus>([
    ["ann", { disabled: false, email: "ann@example.org", emailVerified: true, tokensValidAfter: 0 }],
  ]);
  const told: SecurityEvent[] = [];
  const noticed: Notice[] = [];
  const learned: string[] = [];
  const trusted = new Set<string>();
  const places = new Map<string, Place>();
  const decisions: RiskDecision[] = [];
  const verdict: { next: Partial<Verdict> } = { next: {} };
  const deps: IdentityDeps = {
    factors: memoryFactorStore((uid, mfaEnabled) => {
      const account = accounts.get(uid);
      if (account !== undefined) accounts.set(uid, { ...account, mfaEnabled });
    }),
    sessions: memorySessionStore(accounts),
    blocks: memoryBlockStore(),
    directory: directoryOf(statuses, () => time.now),
    detection: {
      assessSignIn: async (facts) => ({ ...allowed(facts), ...verdict.next }),
      learnSignIn: async (_uid, { decisionId }) => void learned.push(decisionId),
      locate: (ip) => places.get(ip) ?? { country: "DE", asn: 3320, asnName: "DTAG" },
      describeDevice: deviceOf,
      listDecisions: async (uid, limit) => decisions.filter((each) => each.uid === uid).slice(0, limit),
    },
    devices: {
      isTrusted: async (_uid, jkt) => trusted.has(jkt),
      distrustAll: async () => {
        const { size } = trusted;
        trusted.clear();
        return size;
      },
    },
    encryption: fakeEncryption(),
    record: async (event) => void told.push(event),
    clock: () => time.now,
    challenges: memoryChallengeStore(),
    rp: () => RP,
    notify: async (notice) => void noticed.push(notice),
    random: (size) => randomBytes(size),
    ...over,
  };
  return {
    deps,
    time,
    accounts,
    statuses,
    told,
    noticed,
    learned,
    /** Thumbprints of the devices that every account trusts. */
    trusted,
    /** Where addresses are; others are in Germany. */
    places,
    decisions,
    verdict,
    names: () => told.map(({ type }) => type.name),
  };
};

export const caller = (over: Partial<Caller> = {}): Caller => ({
  uid: "ann",
  sid: SID,
  ip: "203.0.113.7",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  token: { email: "ann@example.org", emailVerified: true, authTime: NOW / SECOND - 10, signInProvider: "password" },
  ...over,
});

export const storedSession = (over: Partial<StoredSession> = {}): StoredSession => ({
  sid: SID,
  uid: "ann",
  aal: 1,
  amr: ["pwd"],
  roles: ["user"],
  startedAt: NOW,
  absoluteExpiresAt: NOW + 12 * 3_600 * SECOND,
  idleExpiresAt: NOW + 900 * SECOND,
  lastSeenAt: NOW,
  stepUp: {},
  stepUpRequired: false,
  riskReasons: [],
  device: { name: "Ann's laptop", browser: "Firefox", os: "Linux" },
  networkPrefix: "203.0.113.0/24",
  country: "DE",
  asn: 3320,
  decisionId: "decision-1",
  ...over,
});

/** The code an authenticator app shows at that time. */
export const codeAt = (seed: string | Uint8Array, at: number): string =>
  otplibSdk().generateSync({ secret: seed, epoch: Math.floor(at / SECOND), period: 30, digits: 6, algorithm: "sha1" });

/** A code that is surely wrong. */
export const wrongCode = (right: string): string => String((Number(right) + 1) % 1_000_000).padStart(6, "0");

const allowed = (facts: SignInFacts): Verdict => ({
  action: "allow",
  probability: 0.01,
  contributions: [],
  country: "DE",
  asn: 3320,
  asnName: "DTAG",
  browser: "Firefox",
  os: "Linux",
  networkPrefix: networkPrefix(facts.ip),
  decisionId: "decision-1",
  at: facts.at,
});

/** What a blocking trigger does with an event. The type of the trigger hides `run`. */
export const runOf = (trigger: unknown): ((event: object) => Promise<unknown>) => {
  const { run } = trigger as { run: (event: object) => unknown };
  return async (event) => run(event);
};

const directoryOf = (statuses: Map<string, AuthStatus>, clock: () => number): AuthDirectory => ({
  status: async (uid) => statuses.get(uid),
  uidOf: async (email) => [...statuses].find(([, status]) => status.email === email)?.[0],
  mintToken: async (uid, sid) => `custom-token:${uid}:${sid}`,
  revokeTokens: async (uid) => {
    const status = statuses.get(uid);
    if (status !== undefined) statuses.set(uid, { ...status, tokensValidAfter: clock() });
  },
});

/** Binds what it seals to label and subject, as the encryption domain does, under a key of its own. */
export const fakeEncryption = (): IdentityDeps["encryption"] => {
  const key = randomBytes(32);
  return {
    sealSecret: async ({ label, subject, secret }) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(encodeTuple([label, subject]));
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    },
    openSecret: async ({ label, subject, token }) => {
      const decipher = createDecipheriv("aes-256-gcm", key, token.subarray(0, 12)).setAAD(
        encodeTuple([label, subject]),
      );
      decipher.setAuthTag(token.subarray(-16));
      return Buffer.concat([decipher.update(token.subarray(12, -16)), decipher.final()]);
    },
    keyedHash: async (label, value) =>
      createHmac("sha256", key)
        .update(encodeTuple([label, value]))
        .digest(),
  };
};
