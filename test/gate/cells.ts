import { authKey, idClaims } from "./tokens.ts";
import { signed, type Claims } from "./jwt.ts";
import { randomBytes } from "node:crypto";
import { signIn, type Changes, type Person, type Tokens } from "./persons.ts";
import type { Row } from "./rows.ts";
import { config } from "../../functions/src/config.js";
import type { Permission, Policy } from "../../functions/src/platform/api.js";
import { transactionHash } from "../../functions/src/platform/assure.js";
import { firestore } from "../../functions/src/platform/app.js";
import { newDevice } from "../../functions/src/platform/device.fixture.js";
import { firestoreNonceStore } from "../../functions/src/platform/nonce-store.firestore.js";
import { proofKey } from "../../functions/src/platform/nonce-store.js";
import type { Session } from "../../functions/src/platform/session.js";

/** Who holds what, written down a second time: a role that gains a permission must gain it here too. */
export const HOLDERS: Readonly<Record<Permission, readonly string[]>> = {
  self: ["user", "premium", "moderator", "support", "analyst", "responder", "privacy-officer", "admin"],
  "accounts.read": ["support", "admin"],
  "accounts.reset": ["support", "admin"],
  "security.read": ["analyst", "responder", "admin"],
  "security.respond": ["responder", "admin"],
  "privacy.operate": ["privacy-officer", "admin"],
  "audit.read": ["privacy-officer", "admin"],
  "vault.open": ["privacy-officer"],
  "admin.users": ["admin"],
  "admin.content": ["moderator"],
  "admin.system": ["admin"],
  "collection.read": ["user", "premium", "moderator"],
  "collection.write": ["user", "premium"],
  "collection.delete": ["user", "premium"],
  "collection.share": ["user", "premium"],
};
export const ROLE_NAMES = [
  "user",
  "premium",
  "moderator",
  "support",
  "analyst",
  "responder",
  "privacy-officer",
  "admin",
] as const;

/** Stands for the answer to a call that passed the gate. */
export const REACHED = "the use case";

/** Permissions over what is one's own, and scopes that a step-up for anything opens. Written down a second time. */
const ORDINARY: readonly (Permission | undefined)[] = [
  undefined,
  "self",
  "collection.read",
  "collection.write",
  "collection.delete",
  "collection.share",
];
const OPENED_BY_ANY = ["privacy.export", "identity.devices", "identity.signals"];
/** Scopes for which an account must have a second factor. */
const MUST = ["identity.roles", "encryption.vault"];

/** One column of the matrix: somebody who calls, and what a row with a given policy must answer. */
export interface Column {
  readonly who: string;
  /** Undefined: nobody has signed in. */
  readonly comes: (row: Row) => Promise<Tokens | undefined>;
  readonly answer: (policy: Policy) => string;
}

/** A session that lacks nothing the row may want. */
export const fit = ({ policy, sample }: Row): Partial<Session> => {
  const { stepUp = "any" } = policy;
  const transaction = policy.transaction?.(policy.input.parse(sample));
  const mark = {
    at: Date.now(),
    ...(transaction !== undefined && { transaction: transactionHash(stepUp, transaction) }),
  };
  return { roles: [...ROLE_NAMES], aal: 3, amr: ["pwd", "otp", "mfa"], stepUp: { [stepUp]: mark } };
};

/** Accounts that have a second factor to be asked for. */
export const withFactor = new Set<string>();

const but =
  (change: (policy: Policy) => Changes, claims?: Claims) =>
  (row: Row): Promise<Person> =>
    signIn({ ...fit(row), ...change(row.policy) }, claims);

/** As `but`; the account has a second factor to be asked for. */
const guardedBut = (change: (policy: Policy) => Changes) => async (row: Row) => {
  const person = await but(change)(row);
  withFactor.add(person.uid);
  return person;
};

const proving =
  (proof: Tokens["proof"], change: Changes = {}) =>
  async (row: Row): Promise<Tokens> => ({
    ...(await but(() => change)(row)),
    proof: proof ?? {},
  });

const unless = (open: boolean, code: string): string => (open ? REACHED : code);
const inSession = (code: string) => (policy: Policy) => unless(policy.session === "none", code);
const sensitive = (code: string) => (policy: Policy) => unless(policy.proof !== true, code);
const holds = (role: string) => (policy: Policy) =>
  unless(policy.permission === undefined || HOLDERS[policy.permission].includes(role), "request/forbidden");
const isElevated = ({ permission }: Policy): boolean => !ORDINARY.includes(permission);
const isMust = ({ stepUp }: Policy): boolean => stepUp !== undefined && MUST.includes(stepUp);
/** Of an account that has no factor to be asked for. */
const guard = (policy: Policy) =>
  policy.stepUp === undefined ? REACHED : isMust(policy) ? "request/factor-required" : "request/step-up-required";
const guardWithFactor = ({ stepUp }: Policy) => unless(stepUp === undefined, "request/step-up-required");
const old = (stepUp: Session["stepUp"]): Changes => ({ startedAt: Date.now() - STEP_UP_OVER, stepUp });
const STEP_UP_OVER = config.session.stepUpMs + 1_000;
const UNBOUND: Changes = { jkt: undefined, secret: undefined };
const OTHER_HASH = "Q".repeat(43);

const spentProof = async (row: Row): Promise<Tokens> => {
  const person = await but(() => ({}))(row);
  const jti = randomBytes(16).toString("base64url");
  await firestoreNonceStore(firestore).spend(proofKey({ jkt: person.device.jkt, jti }), Date.now());
  return { ...person, proof: { claims: { jti } } };
};

const replaced =
  (previousUntil: number) =>
  async (row: Row): Promise<Tokens> => {
    const secret = { hash: OTHER_HASH, rotatedAt: 1, previousUntil };
    const device = newDevice();
    const bound = { jkt: device.jkt, secret: { ...secret, previous: device.secretHash } };
    return { ...(await but(() => bound)(row)), device };
  };

/** Every row that wants a sign-in, before everybody. */
export const COLUMNS: readonly Column[] = [
  { who: "nobody", comes: () => Promise.resolve(undefined), answer: () => "request/sign-in-required" },
  { who: "a fit session", comes: but(() => ({})), answer: () => REACHED },
  {
    who: "a sign-in without a session",
    comes: () => Promise.resolve({ idToken: signed(authKey, idClaims()) }),
    answer: inSession("request/session-missing"),
  },
  { who: "a revoked session", comes: but(() => ({ revokedAt: 1 })), answer: inSession("request/session-revoked") },
  { who: "an idle session", comes: but(() => ({ idleExpiresAt: 1 })), answer: inSession("request/session-expired") },
  { who: "a session of a tenant", comes: but(() => ({ tenant: "t" })), answer: inSession("request/session-missing") },
  ...ROLE_NAMES.map((role) => ({ who: `role ${role}`, comes: but(() => ({ roles: [role] })), answer: holds(role) })),
  { who: "an unknown role", comes: but(() => ({ roles: ["root"] })), answer: holds("root") },
  {
    who: "a role in the token only",
    comes: but(() => ({ roles: [] }), { roles: ["admin"], role: "admin", admin: true }),
    answer: holds("none"),
  },
  ...([1, 2, 3] as const).map((aal) => ({
    who: `assurance ${String(aal)}`,
    comes: but(() => ({ aal })),
    answer: (policy: Policy) =>
      unless(aal >= Math.max(policy.assurance ?? 1, isElevated(policy) ? 2 : 1), "request/assurance-too-low"),
  })),
  {
    who: "text messages as the only second factor",
    comes: guardedBut(() => ({ amr: ["pwd", "sms", "mfa"] })),
    answer: (policy) => unless(!isElevated(policy) && !isMust(policy), "request/method-too-weak"),
  },
  {
    who: "a risky sign-in",
    comes: but(() => ({ stepUpRequired: true })),
    answer: ({ session, whileStepUpRequired = false }) =>
      unless(session === "none" || whileStepUpRequired, "request/step-up-required"),
  },
  { who: "no second factor shown", comes: but(() => old({})), answer: guard },
  {
    who: "one shown too long ago",
    comes: but(({ stepUp = "any" }) => old({ [stepUp]: { at: Date.now() - STEP_UP_OVER } })),
    answer: guard,
  },
  {
    who: "one shown for anything",
    comes: but(() => old({ any: { at: Date.now() } })),
    answer: (policy) => (OPENED_BY_ANY.includes(policy.stepUp ?? "") ? REACHED : guard(policy)),
  },
  {
    who: "one shown for something else",
    comes: but(() => old({ "another.scope": { at: Date.now() } })),
    answer: guard,
  },
  {
    who: "one shown for the scope, when each transaction wants its own",
    comes: but(({ stepUp = "any" }) => old({ [stepUp]: { at: Date.now() } })),
    answer: (policy) => (policy.transaction === undefined ? REACHED : guard(policy)),
  },
  {
    who: "an approval of another transaction",
    comes: but(({ stepUp = "any" }) => old({ [stepUp]: { at: Date.now(), transaction: OTHER_HASH } })),
    answer: guard,
  },
  {
    who: "a fresh sign-in that left its second factor out",
    comes: guardedBut(() => ({ stepUp: {} })),
    answer: guardWithFactor,
  },
  {
    who: "a fresh sign-in of an account without a second factor",
    comes: but(() => ({ stepUp: {} })),
    answer: (policy) => unless(!isMust(policy), "request/factor-required"),
  },
  {
    who: "a stolen token, without the device's key",
    comes: async (row) => ({ idToken: (await but(() => ({}))(row)).idToken }),
    answer: inSession("request/proof-required"),
  },
  {
    who: "a stolen token and secret, with another device's key",
    comes: async (row) => {
      const person = await but(() => ({}))(row);
      return { ...person, device: newDevice(), proof: { secret: person.device.secret } };
    },
    answer: inSession("request/proof-rejected"),
  },
  {
    who: "a proof of another function",
    comes: proving({ functionId: "identity-thing-do" }),
    answer: () => "request/proof-rejected",
  },
  {
    who: "a proof of another project",
    comes: proving({ project: "demo-other" }),
    answer: () => "request/proof-rejected",
  },
  { who: "a proof of other data", comes: proving({ data: { other: true } }), answer: () => "request/proof-rejected" },
  {
    who: "a proof of two minutes ago",
    comes: proving({ at: Date.now() - 120_000 }),
    answer: () => "request/proof-rejected",
  },
  {
    who: "a proof that was used",
    comes: spentProof,
    answer: ({ session, proof }) => unless(session !== "none" && proof !== true, "request/proof-rejected"),
  },
  {
    who: "a device's key without the session's secret",
    comes: proving({ secret: null }),
    answer: sensitive("request/proof-rejected"),
  },
  {
    who: "a device's key with a wrong secret",
    comes: proving({ secret: OTHER_HASH }),
    answer: sensitive("request/proof-rejected"),
  },
  { who: "a secret that was just replaced", comes: replaced(Number.MAX_SAFE_INTEGER), answer: () => REACHED },
  { who: "a secret that was replaced long ago", comes: replaced(1), answer: sensitive("request/session-revoked") },
  {
    who: "a session without a device key",
    comes: async (row) => ({ idToken: (await but(() => UNBOUND)(row)).idToken }),
    answer: sensitive("request/proof-required"),
  },
  {
    who: "a session without a device key, but with a proof",
    comes: but(() => UNBOUND),
    answer: sensitive("request/proof-required"),
  },
];

/** Every row that nobody need be signed in for. */
export const OPEN_COLUMNS: readonly Column[] = [
  { who: "nobody", comes: () => Promise.resolve(undefined), answer: () => REACHED },
  { who: "somebody with a revoked session", comes: but(() => ({ revokedAt: 1 })), answer: () => REACHED },
  { who: "a new device", comes: () => Promise.resolve({ device: newDevice() }), answer: () => REACHED },
  {
    who: "a proof of another function",
    comes: () => Promise.resolve({ device: newDevice(), proof: { functionId: "identity-thing-do" } }),
    answer: () => "request/proof-rejected",
  },
  {
    who: "a proof that was used",
    comes: async (row) => {
      const { device, proof } = await spentProof(row);
      return { device: device ?? newDevice(), proof: proof ?? {} };
    },
    answer: () => "request/proof-rejected",
  },
];
