import { authKey, idClaims } from "./tokens.ts";
import { signed, type Claims } from "./jwt.ts";
import { signIn, type Person } from "./persons.ts";
import type { Row } from "./rows.ts";
import { config } from "../../functions/src/config.js";
import type { Permission, Policy } from "../../functions/src/platform/api.js";
import type { Session } from "../../functions/src/platform/session.js";

/** Who holds what, written down a second time: a role that gains a permission must gain it here too. */
export const HOLDERS: Readonly<Record<Permission, readonly string[]>> = {
  self: ["user", "analyst", "responder", "privacy-officer", "admin"],
  "security.read": ["analyst", "responder", "admin"],
  "security.respond": ["responder", "admin"],
  "privacy.operate": ["privacy-officer", "admin"],
  "audit.read": ["privacy-officer", "admin"],
  "admin.users": ["admin"],
};
export const ROLE_NAMES = ["user", "analyst", "responder", "privacy-officer", "admin"] as const;

/** Stands for the answer to a call that passed the gate. */
export const REACHED = "the use case";

/** One column of the matrix: somebody who calls, and what a row with a given policy must answer. */
export interface Column {
  readonly who: string;
  /** Undefined: nobody has signed in. */
  readonly comes: (row: Row) => Promise<Pick<Person, "idToken"> | undefined>;
  readonly answer: (policy: Policy) => string;
}

/** A session that lacks nothing the row may want. */
export const fit = ({ stepUp = "any" }: Policy): Partial<Session> => ({
  roles: ["admin"],
  aal: 3,
  stepUp: { [stepUp]: Date.now() },
});

/** Accounts that have a second factor to be asked for. */
export const withFactor = new Set<string>();

const but =
  (change: (policy: Policy) => Partial<Session>, claims?: Claims) =>
  ({ policy }: Row): Promise<Person> =>
    signIn({ ...fit(policy), ...change(policy) }, claims);

const unless = (open: boolean, code: string): string => (open ? REACHED : code);
const inSession = (code: string) => (policy: Policy) => unless(policy.session === "none", code);
const holds = (role: string) => (policy: Policy) =>
  unless(policy.permission === undefined || HOLDERS[policy.permission].includes(role), "request/forbidden");
const guard = (policy: Policy) => unless(policy.stepUp === undefined, "request/step-up-required");
const old = (stepUp: Session["stepUp"]): Partial<Session> => ({ startedAt: Date.now() - STEP_UP_OVER, stepUp });
const STEP_UP_OVER = config.session.stepUpMs + 1_000;

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
    answer: ({ assurance = 1 }: Policy) => unless(aal >= assurance, "request/assurance-too-low"),
  })),
  {
    who: "a risky sign-in",
    comes: but(() => ({ stepUpRequired: true })),
    answer: ({ session, whileStepUpRequired = false }) =>
      unless(session === "none" || whileStepUpRequired, "request/step-up-required"),
  },
  { who: "no second factor shown", comes: but(() => old({})), answer: guard },
  {
    who: "one shown too long ago",
    comes: but(({ stepUp = "any" }) => old({ [stepUp]: Date.now() - STEP_UP_OVER })),
    answer: guard,
  },
  {
    who: "one shown for anything",
    comes: but(() => old({ any: Date.now() })),
    answer: ({ stepUp }) => unless(stepUp === undefined || stepUp === "privacy.export", "request/step-up-required"),
  },
  { who: "one shown for something else", comes: but(() => old({ "another.scope": Date.now() })), answer: guard },
  {
    who: "a fresh sign-in that left its second factor out",
    comes: async (row) => {
      const person = await but(() => ({ stepUp: {} }))(row);
      withFactor.add(person.uid);
      return person;
    },
    answer: guard,
  },
];
