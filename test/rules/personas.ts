import type { Session } from "../../functions/src/platform/session.js";

/** Somebody who asks: what their token says, and the session document it names. */
export interface Persona {
  readonly name: string;
  /** Absent: nobody is signed in. */
  readonly uid?: string;
  readonly sid?: string;
  readonly session?: Partial<Session>;
  /** Whether the rules must count the session. */
  readonly live: boolean;
}

/** The person whose data every sample document is. */
export const SUBJECT = "alice";
/** An account whose id begins with the subject's: a rule that compares beginnings would mix them up. */
const NEIGHBOUR = "alice2";

export const PERSONAS: readonly Persona[] = [
  { name: "anonymous", live: false },
  { name: "signed in without a session", uid: SUBJECT, live: false },
  { name: "signed in with an unknown session", uid: SUBJECT, sid: "s-unknown", live: false },
  { name: "the subject", uid: SUBJECT, sid: "s-subject", session: {}, live: true },
  { name: "another person", uid: "bob", sid: "s-other", session: {}, live: true },
  { name: "a person with a longer id", uid: NEIGHBOUR, sid: "s-neighbour", session: {}, live: true },
  { name: "the subject, session revoked", uid: SUBJECT, sid: "s-revoked", session: { revokedAt: 1 }, live: false },
  { name: "the subject, idle too long", uid: SUBJECT, sid: "s-idle", session: { idleExpiresAt: 1 }, live: false },
  { name: "the subject, session too old", uid: SUBJECT, sid: "s-old", session: { absoluteExpiresAt: 1 }, live: false },
  {
    name: "the subject, step-up demanded",
    uid: SUBJECT,
    sid: "s-risky",
    session: { stepUpRequired: true },
    live: false,
  },
  { name: "the subject with a stolen sid", uid: SUBJECT, sid: "s-other", live: false },
  { name: "a thief with the subject's sid", uid: "mallory", sid: "s-subject", live: false },
  { name: "a member at AAL2", uid: "mia", sid: "s-member-2", session: { aal: 2 }, live: true },
  { name: "an analyst at AAL1", uid: "ann", sid: "s-analyst-1", session: { roles: ["user", "analyst"] }, live: true },
  {
    name: "an analyst at AAL2",
    uid: "ann",
    sid: "s-analyst-2",
    session: { roles: ["user", "analyst"], aal: 2 },
    live: true,
  },
  {
    name: "a responder at AAL2",
    uid: "rob",
    sid: "s-responder",
    session: { roles: ["responder"], aal: 2 },
    live: true,
  },
  {
    name: "a privacy officer at AAL2",
    uid: "pia",
    sid: "s-officer",
    session: { roles: ["privacy-officer"], aal: 2 },
    live: true,
  },
  { name: "an admin at AAL1", uid: "ada", sid: "s-admin-1", session: { roles: ["admin"] }, live: true },
  { name: "an admin at AAL2", uid: "ada", sid: "s-admin-2", session: { roles: ["admin"], aal: 2 }, live: true },
  {
    name: "an admin at AAL2, revoked",
    uid: "ada",
    sid: "s-admin-3",
    session: { roles: ["admin"], aal: 2, revokedAt: 1 },
    live: false,
  },
  { name: "an invented role at AAL3", uid: "eve", sid: "s-invented", session: { roles: ["root"], aal: 3 }, live: true },
];

/** A session document, whole and live but for what the persona changes. */
export const sessionDocument = ({ uid = "", sid = "", session = {} }: Persona, now: number): Session => ({
  sid,
  uid,
  aal: 1,
  amr: ["pwd"],
  roles: ["user"],
  startedAt: now,
  absoluteExpiresAt: now + 3_600_000,
  idleExpiresAt: now + 3_600_000,
  lastSeenAt: now,
  stepUp: {},
  stepUpRequired: false,
  riskReasons: [],
  device: { name: "Laptop", browser: "Firefox", os: "Linux" },
  networkPrefix: "192.0.2.0/24",
  country: "DE",
  asn: 64496,
  ...session,
});

export const personaNamed = (name: string): Persona => {
  const found = PERSONAS.find((persona) => persona.name === name);
  if (found === undefined) throw new Error(`nobody is called "${name}"`);
  return found;
};
