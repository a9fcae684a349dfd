import { z } from "zod";
import { defineApi } from "../../platform/api.js";
import {
  assurance,
  binding,
  bits256,
  change,
  device,
  deviceName,
  methods,
  nothing,
  read,
  sid,
  start,
  startedSession,
  time,
  uid,
} from "../schemas.js";
import { EXPEL_REASONS } from "./expel-reasons.js";

const listedSession = z.strictObject({
  sid: z.string(),
  current: z.boolean().describe("The session that asks."),
  assurance,
  startedAt: time,
  lastSeenAt: time,
  idleExpiresAt: time,
  expiresAt: time,
  device: z.strictObject({ name: z.string(), browser: z.string(), os: z.string() }),
  bound: z.boolean().describe("Every call of it must prove its device key."),
  trusted: z.boolean().describe("The device was a trusted one when the session started."),
  stepUpRequired: z.boolean(),
  networkPrefix: z.string(),
  country: z.string(),
  riskReasons: z.array(z.string()),
});

const signIn = z.strictObject({
  at: time,
  country: z.string(),
  network: z.string().describe("Operator of the network; empty when unknown."),
  networkPrefix: z.string(),
  device: z.string(),
  outcome: z.enum(["allowed", "challenged", "refused"]),
  reasons: z.array(z.string()),
  sid: z.string().nullable().describe("Its session, while that lives."),
});

export const sessionsApi = defineApi({
  "session-start": {
    summary:
      "Starts the session of the sign-in just made: scores its risk, creates the session, binds it to the device key.",
    session: "none",
    limit: start,
    input: z.strictObject({
      device,
      binding: binding
        .optional()
        .describe("The call must carry a proof of this key. Without it the session is good for ordinary calls only."),
    }),
    output: startedSession,
    errors: [
      "identity/sign-in-stale",
      "identity/sign-in-refused",
      "identity/session-taken",
      "identity/binding-rejected",
      "identity/provider-refused",
    ],
  },
  "session-list": {
    summary: "Lists the caller's live sessions.",
    session: "cached",
    limit: read,
    input: nothing,
    output: z.strictObject({ sessions: z.array(listedSession) }),
  },
  "session-rename": {
    summary: "Gives one of the caller's sessions another device name.",
    session: "strict",
    limit: change,
    input: z.strictObject({ sid, name: deviceName }),
    output: z.strictObject({ renamed: z.literal(true) }),
    errors: ["identity/session-unknown"],
  },
  "session-revoke": {
    summary: "Ends one of the caller's sessions, at once.",
    session: "strict",
    proof: true,
    limit: change,
    input: z.strictObject({ sid }),
    output: z.strictObject({ revoked: z.literal(true) }),
    errors: ["identity/session-unknown"],
  },
  "session-revokeothers": {
    summary: "Ends every session of the caller but this one, at once.",
    session: "strict",
    proof: true,
    limit: change,
    input: nothing,
    output: z.strictObject({ revoked: z.number().int() }),
  },
  "session-revokeall": {
    summary: "Ends every session of the caller, this one, Firebase's refresh tokens and the trust in devices included.",
    session: "strict",
    proof: true,
    limit: change,
    input: nothing,
    output: z.strictObject({ revoked: z.number().int() }),
  },
  "session-expel": {
    summary:
      "Ends every session of somebody's account, Firebase's refresh tokens and the trust in devices included. The person is told.",
    session: "strict",
    permission: "security.respond",
    assurance: 2,
    stepUp: "security.expel",
    transaction: ({ uid: whose }: { uid: string }) => ({ uid: whose, change: "expel" }),
    proof: true,
    limit: change,
    input: z.strictObject({ uid, reason: z.enum(EXPEL_REASONS) }),
    output: z.strictObject({
      ended: z.number().int().describe("Live sessions that ended; 0 also for an account that nobody has."),
    }),
  },
  "session-rotate": {
    summary: "Replaces the session's secret by one that the device drew; the proof shows the present one.",
    session: "strict",
    proof: true,
    whileStepUpRequired: true,
    rotates: ({ next }: { next: string }) => next,
    limit: change,
    input: z.strictObject({
      next: bits256.describe("SHA-256 of the next secret. The device keeps the secret before it asks."),
    }),
    output: z.strictObject({
      rotated: z.boolean().describe("False: another rotation was quicker. Go on with the secret this device keeps."),
      rotatedAt: time,
      previousUntil: time,
    }),
    errors: ["identity/session-unbound", "identity/secret-rejected", "identity/session-ended"],
  },
  "session-end": {
    summary: "Ends this session: the server's half of signing out.",
    session: "strict",
    whileStepUpRequired: true,
    limit: change,
    input: nothing,
    output: z.strictObject({ ended: z.literal(true) }),
  },
  "signin-list": {
    summary: "Lists the caller's recent sign-ins, refused ones included.",
    session: "cached",
    limit: read,
    input: z.strictObject({ limit: z.number().int().min(1).max(100).default(20) }),
    output: z.strictObject({ signIns: z.array(signIn) }),
  },
  "security-read": {
    summary: "The caller's security settings, roles and second factors.",
    session: "strict",
    whileStepUpRequired: true,
    limit: read,
    input: nothing,
    output: z.strictObject({
      settings: z.strictObject({ mfaEnabled: z.boolean(), loginNotifications: z.boolean(), createdAt: time }),
      roles: z.array(z.string()),
      factors: z.strictObject({
        totp: z.strictObject({ enrolledAt: time, disabled: z.boolean() }).nullable(),
        passkeys: z.array(z.strictObject({ id: z.string(), name: z.string() })),
        backupCodes: z.strictObject({ remaining: z.number().int(), createdAt: time }).nullable(),
      }),
      methods: methods.describe("What this session can be asked for now."),
      session: z.strictObject({
        sid: z.string(),
        assurance,
        bound: z.boolean(),
        stepUpRequired: z.boolean(),
        reasons: z.array(z.string()),
        expiresAt: time,
      }),
    }),
  },
});
