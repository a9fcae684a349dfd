import { DomainError } from "./kernel/errors.js";
import { DAY, HOUR, MINUTE, SECOND } from "./kernel/time.js";

/** Every number an operator may change. Units are in the names, reasons beside them. */
export const config = {
  functions: {
    /** Where the functions run. Keep it beside the data: it is also where keys and buckets are. */
    region: "europe-west1",
    /** Origins that may call from a browser. `true` answers any origin; list yours in production. */
    cors: true as boolean | string[],
    /** Who reaches the callables. `ALLOW_INTERNAL_AND_GCLB` once they stand behind the load balancer: nobody goes round Cloud Armor then. */
    ingress: "ALLOW_ALL" as "ALLOW_ALL" | "ALLOW_INTERNAL_AND_GCLB",
    /** Addresses that proxies add on the right of X-Forwarded-For: 0 without, 1 behind the load balancer. */
    trustedProxies: 0,
  },
  session: {
    idleMs: 15 * MINUTE, // NIST SP 800-63B-4 §2.3.3, AAL3
    absoluteMs: 12 * HOUR, // NIST SP 800-63B-4 §2.3.3
    /** A session starts only from a sign-in this fresh, so that an old stolen token cannot start one. */
    startWithinMs: 5 * MINUTE,
    /** At most one write per session and minute moves the idle limit. */
    heartbeatMs: MINUTE,
    /** How long an instance may serve ordinary calls from its copy of a session. Revocation is seen within it. */
    cacheMs: 10 * SECOND,
    /** How long a step-up lasts for its scope. */
    stepUpMs: 10 * MINUTE,
    /** Scopes that want a code given for them: a step-up for `any` does not open them, so that an open tab cannot be used for them. */
    exactScopes: ["identity.factors", "privacy.erase"] as readonly string[],
  },
  totp: {
    issuer: "Firekeep",
    periodSeconds: 30, // RFC 6238 §5.2
    digits: 6,
    /** A started enrolment waits this long for its first code. */
    pendingMs: 10 * MINUTE,
    /** Attempts before a pause. Spent before the code is looked at. */
    attempts: {
      limit: 5,
      /** The first pause; it doubles with every further burst. */
      windowMs: 15 * MINUTE,
      maxPauseMs: 1 * HOUR, // NIST SP 800-63B-4 §3.2.2 lets delays grow from 30 s to an hour
    },
    /** Consecutive failures before the factor is disabled: NIST SP 800-63B-4 §3.2.2. */
    lifetimeFailures: 100,
  },
  backupCodes: { count: 10, bits: 120 }, // OWASP ASVS 6.5.2: a fast keyed hash is enough from 112 bits
  keys: {
    cacheEntries: 5_000,
    /** Unwrapped keys live this long in memory, less up to a fifth (jitter against a stampede). */
    cacheMs: 5 * MINUTE,
    /** AMBER only: how long a cached key may be used past its time while KMS is down. RED never. */
    staleMs: 1 * HOUR,
    /** While a key is used past its time: how long until KMS is asked again. */
    retryMs: 10 * SECOND,
    /** Uses before a key is fetched again, whatever its age. */
    maxUses: 2 ** 20,
  },
  kms: {
    timeoutMs: 5_000,
    rings: { red: "firekeep-red", amber: "firekeep-amber", index: "firekeep-index", audit: "firekeep-audit" },
  },
  risk: {
    /** Probability from which a sign-in needs a second factor, and from which it is refused. */
    stepUpAt: 0.5,
    blockAt: 0.98,
    /** What a sign-in gets when the account's profile cannot be read: guarded calls ask for a second factor anyway. */
    whenBlind: "allow" as "allow" | "step-up",
  },
  response: {
    /** How long an automatic block of an account and network pair lasts. */
    blockMs: 1 * HOUR,
  },
  webhooks: {
    /** Most that one project may register. */
    limit: 20,
    timeoutMs: 10 * SECOND,
    /** Tries of one notice before it is given up, with doubling pauses between: about nine hours in all. */
    attempts: 12,
    firstPauseMs: 20 * SECOND,
    longestPauseMs: 3 * HOUR,
  },
  privacy: {
    exportLinkMs: 15 * MINUTE,
    exportKeepMs: 7 * DAY,
    /** Documents of one step of a job: one read, and one commit together with the job's own checkpoint. */
    pageSize: 400, // a commit holds 500 writes
    /** How long a slice of a job works before it hands over to the next. */
    sliceMs: 2 * MINUTE,
    /** Attempts of a slice before a person must look. */
    attempts: 12,
    /** What outlives an erasure, at the longest. A receipt states it, so keep it true to what infra/ sets up. */
    horizon: {
      keysBackupMs: 7 * DAY, // wrapped data keys in backups and point-in-time recovery of database `keys`
      kmsDestroyMs: 1 * DAY, // a destroyed version of a key-encryption key can be restored for this long
      plainBackupMs: 14 * 7 * DAY, // fields stored plain, in backups of the app's database: Firestore's longest
    },
  },
  audit: {
    /** Entries sequenced in one go. */
    batch: 500,
    keepDays: 7 * 365,
  },
} as const;

/** Per-project values. Everything else is in `config`. */
const VARIABLES = {
  /** Resource location of the key rings, such as `europe-west1`. */
  FIREKEEP_KMS_LOCATION: { required: true },
  /** `host:port` of a local KMS; absent in production, where the client finds Cloud KMS. */
  FIREKEEP_KMS_ENDPOINT: { required: false },
  /** Bucket for exports and user files. */
  FIREKEEP_BUCKET: { required: true },
  /** Base URL under which callers reach the HTTPS functions, for links in exports. */
  FIREKEEP_PUBLIC_URL: { required: true },
  /** Comma-separated origins, such as `http://127.0.0.1:9099`, that webhooks may reach although they are not public HTTPS. */
  FIREKEEP_WEBHOOK_ORIGINS: { required: false },
  /** Service account that Cloud Tasks calls back with. */
  FIREKEEP_TASKS_ACCOUNT: { required: false },
} as const satisfies Record<string, { required: boolean }>;

export type Variable = keyof typeof VARIABLES;

/** The value of a per-project variable, or undefined when it is optional and not set. */
export const readVariable = (name: Variable): string | undefined => {
  const value = process.env[name];
  if (value !== undefined && value !== "") return value;
  if (VARIABLES[name].required) throw missing(name);
  return undefined;
};

/** The value of a required per-project variable. */
export const requireVariable = (name: Variable): string => {
  const value = readVariable(name);
  if (value === undefined) throw missing(name);
  return value;
};

/** The Google Cloud project, as the runtime tells it. */
export const projectId = (): string => {
  const value = process.env["GCLOUD_PROJECT"] ?? process.env["GOOGLE_CLOUD_PROJECT"];
  if (value === undefined || value === "") throw missing("GCLOUD_PROJECT");
  return value;
};

const missing = (name: string): DomainError =>
  new DomainError({
    code: "config/missing",
    status: "internal",
    message: "The server is not configured.",
    details: {},
    cause: new Error(
      `${name} is not set: add it to functions/.env.<project id> (infra/ writes that file) and deploy again`,
    ),
  });
