import type { EventMessage } from "../../kernel/event.js";

const CAEP = "https://schemas.openid.net/secevent/caep/event-type";

/** The event types of CAEP 1.0 that Firekeep sends. */
export const CAEP_EVENTS = ["session-revoked", "credential-change", "assurance-level-change"] as const;
export type CaepEvent = (typeof CAEP_EVENTS)[number];

export const caepUri = (event: CaepEvent): string => `${CAEP}/${event}`;

/** One event as CAEP puts it: its type, and the claims under it. */
export interface CaepClaims {
  readonly event: CaepEvent;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What a security event is in CAEP's words; undefined for the many that say nothing to others. OpenID CAEP 1.0 §3. */
export const caepOf = (message: EventMessage): CaepClaims | undefined => {
  if (message.subject === undefined) return undefined;
  if (message.outcome !== "success" && !SUSPECT.has(message.name)) return undefined;
  const row = Object.hasOwn(ROWS, message.name) ? ROWS[message.name] : undefined;
  const claims = row?.claims(message);
  if (row === undefined || claims === undefined) return undefined;
  return {
    event: row.event,
    claims: {
      event_timestamp: Math.floor(message.at / 1_000),
      initiating_entity: initiatorOf(message),
      ...claims,
    },
  };
};

interface RowOf {
  readonly event: CaepEvent;
  /** Claims beside time and initiator; undefined when this event is none after all. */
  readonly claims: (message: EventMessage) => Readonly<Record<string, unknown>> | undefined;
}

const revoked = (otherwise: string): RowOf => ({
  event: "session-revoked",
  claims: ({ detail }) => ({ reason_admin: { en: `Session ended: ${text(detail?.["reason"]) ?? otherwise}.` } }),
});

const changed = (type: string, fixed?: string): RowOf => ({
  event: "credential-change",
  claims: ({ detail }) => {
    const method = text(detail?.["method"]) ?? "";
    const credential = fixed ?? (Object.hasOwn(CREDENTIALS, method) ? CREDENTIALS[method] : undefined);
    return credential === undefined ? undefined : { credential_type: credential, change_type: type };
  },
});

/** CAEP's names for our methods. A backup code is a kind of PIN there: a secret to type. */
const CREDENTIALS: Readonly<Record<string, string>> = {
  totp: "app",
  passkey: "fido2-platform",
  "backup-code": "pin",
  sms: "phone-sms",
  password: "password",
};

const ROWS: Readonly<Record<string, RowOf | undefined>> = {
  "identity.session-revoked": revoked("ended from elsewhere"),
  "identity.session-stolen": revoked("stolen"),
  "identity.session-hijacked": revoked("hijacked"),
  "identity.session-ended": revoked("signed out"),
  "identity.factor-added": changed("create"),
  "identity.factor-removed": changed("delete"),
  "identity.factor-disabled": changed("revoke"),
  "identity.backup-regenerated": changed("update", "pin"),
  "identity.password-changed": changed("update", "password"),
  "identity.factor-accepted": {
    event: "assurance-level-change",
    claims: ({ detail }) => {
      const [now, before] = [detail?.["assurance"], detail?.["assuranceBefore"]];
      if (typeof now !== "number" || typeof before !== "number" || now === before) return undefined;
      return {
        namespace: "NIST-AAL",
        current_level: `nist-aal${String(now)}`,
        previous_level: `nist-aal${String(before)}`,
        change_direction: now > before ? "increase" : "decrease",
      };
    },
  },
};

// They end the session and are failures of whoever held the copy. Every other failure was only tried, and says nothing to others.
const SUSPECT: ReadonlySet<string> = new Set(["identity.session-stolen", "identity.session-hijacked"]);

// `policy`: Firekeep itself decided, such as for a block or a stolen session.
const initiatorOf = ({ actor, name }: EventMessage): "user" | "admin" | "policy" => {
  if (SUSPECT.has(name) || name === "identity.factor-disabled" || actor === "system") return "policy";
  return actor === undefined ? "user" : "admin";
};

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
