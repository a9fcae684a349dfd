import { DomainError } from "./kernel/errors.js";
import { DAY, HOUR, MINUTE, SECOND } from "./kernel/time.js";

/** What is asked of a passkey, at registration and whenever it is used. */
export interface PasskeyPolicy {
  /** `required`: PIN or biometric. `preferred`: presence is enough, and counts as one factor. */
  readonly userVerification: "required" | "preferred";
  /** Whether a key may be one that can be copied to other devices. */
  readonly backupEligible: "allow" | "refuse";
  /** `none`: the maker's statement is neither asked for nor believed. `direct`: asked for. `trusted`: must lead to a root. */
  readonly attestation: "none" | "direct" | "trusted";
  /** Formats accepted where attestation is asked for; absent: all. */
  readonly formats?: readonly AttestationFormat[];
  /** Models, by UUID. `allow` holds only where attestation is `trusted`: any key may claim any model. */
  readonly aaguids?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
}

export type AttestationFormat = "packed" | "tpm" | "android-key" | "android-safetynet" | "apple" | "fido-u2f";

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
    /** Roles whose sessions end sooner. The strictest of a person's roles applies. */
    roles: { admin: { idleMs: 15 * MINUTE, absoluteMs: 8 * HOUR } } as Readonly<
      Record<string, { idleMs: number; absoluteMs: number }>
    >,
    /** How long an instance may serve ordinary calls from its copy of a session. Revocation is seen within it. */
    cacheMs: 10 * SECOND,
    /** Live sessions of one account: the oldest ends when another starts. */
    maxLive: 5,
    /** How long the secret before the one in force is good for requests that were under way. Shown later, it was stolen. */
    secretGraceMs: 30 * SECOND,
    /** How old the secret in the `__session` cookie may grow. */
    cookieRotateMs: 15 * MINUTE,
    /**
     * How far a call may stray from where its session was last seen: points for each thing that changed. Never a bare
     * address: it changes all day on a telephone.
     */
    hijack: {
      weights: { browser: 40, os: 40, country: 40, network: 15, address: 0 },
      /** From here on a second factor is asked for; without one to ask for, a session without a device key ends. */
      stepUpAt: 40,
      /** From here on the session ends. */
      revokeAt: 80,
      /** A proven device key cannot be copied along with a token: what changes around it counts this much. */
      provenFactor: 0.5,
    },
    /** A sign-in after this long without one is told to the person. OWASP ASVS 6.3.5. */
    longIdleMs: 30 * DAY,
    /** How long a step-up lasts for its scope. */
    stepUpMs: 10 * MINUTE,
    /** Scopes that want a code given for them: a step-up for `any` does not open them, so that an open tab cannot be used for them. */
    exactScopes: [
      "identity.factors",
      "identity.roles",
      "identity.password",
      "privacy.erase",
      "encryption.vault",
    ] as readonly string[],
  },
  /** Where a second factor is a must, and which will do. */
  mfa: {
    /** Permissions that need none: everyone has them, over what is their own. Every other permission needs `permissionAssurance`. */
    ordinaryPermissions: [
      "self",
      "collection.read",
      "collection.write",
      "collection.delete",
      "collection.share",
    ] as readonly string[],
    permissionAssurance: 2 as 2 | 3,
    /** Scopes that want a second factor even of accounts that have none yet. A name covers all below it. */
    always: ["payments", "identity.roles", "encryption.vault"] as readonly string[],
    /**
     * Second factors that do for those permissions and scopes, by RFC 8176 (`backup`: a backup code). Not `sms`: a telephone
     * number can be taken over. With `hwk` and `swk` alone, only passkeys do, and nobody's code can be phished.
     */
    strong: ["otp", "hwk", "swk", "backup"] as readonly string[],
  },
  totp: {
    issuer: "Firekeep",
    periodSeconds: 30, // RFC 6238 §5.2
    digits: 6,
    /** Codes accepted at one moment: two forgive a slow hand (RFC 6238 §5.2), one is the strict mode. */
    window: "current-and-previous" as "current-and-previous" | "current",
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
  passkeys: {
    /** Shown by the authenticator beside the account. The relying party's id and origins are FIREKEEP_RP_ID and FIREKEEP_ORIGINS. */
    rpName: "Firekeep",
    /** Most that one account may have. */
    limit: 20,
    /** How long a challenge waits for its answer, and after which part of it a waiting browser asks for a new one. */
    challengeMs: 5 * MINUTE,
    renewAt: 0.75,
    /** Origins that may embed the app's pages in a frame and use passkeys there; none unless listed. */
    topOrigins: [] as readonly string[],
    /**
     * Roots (PEM) that attestation statements are checked against, by format. Without them a statement proves nothing.
     * Apple and Google's roots for `apple` and `android-key` are known already.
     */
    attestationRoots: {} as Readonly<Partial<Record<AttestationFormat, readonly string[]>>>,
    /** What is asked of a passkey, and more of those who hold a role. Where roles differ, the stricter counts. */
    policies: {
      default: { userVerification: "preferred", backupEligible: "allow", attestation: "none" },
      // NIST SP 800-63B-4 §2.3: keys that can be copied are not for AAL3.
      admin: { userVerification: "required", backupEligible: "refuse" },
    } as Readonly<{ default: PasskeyPolicy } & Record<string, Partial<PasskeyPolicy>>>,
  },
  backupCodes: { count: 10, bits: 120, lowAt: 2 }, // lowAt: the person is told to make new ones. OWASP ASVS 6.5.2: a fast keyed hash is enough from 112 bits
  devices: {
    /** How long a device stays trusted without being trusted again. */
    trustMs: 30 * DAY,
    /** Trusted devices of one account; with one more, the one that was seen longest ago stops being trusted. */
    limit: 10,
  },
  recovery: {
    /** How long the mailed link and code are good: NIST SP 800-63B-4 §4.2.1.2 allows 24 h for e-mail. */
    linkMs: 1 * DAY,
    /** Wrong second pieces before the link is dead. */
    attempts: 5,
    /** How long an administrator's reset waits for the second administrator. */
    approveMs: 3 * DAY,
    /** How long an approved reset waits after everybody was told, so that the person can stop it. */
    holdMs: 1 * DAY,
    /** How long an ended recovery is kept, for the person and the operators to look at. */
    keepMs: 30 * DAY,
  },
  mail: {
    /** Language of the mails: a key of the tables in identity/notices/texts. */
    language: "en",
    /** Of each step with the mail server, and of one mail in all. */
    timeoutMs: 20 * SECOND,
    /** Tries of one notice before it is given up, with doubling pauses between: about eighteen hours in all. */
    attempts: 14,
    firstPauseMs: 20 * SECOND,
    longestPauseMs: 4 * HOUR,
    /** A notice that nobody has begun to deliver for this long is queued again. */
    sweepAfterMs: MINUTE,
    /** What stays of a notice (kind, time, counts) is deleted after this. */
    keepMs: 30 * DAY,
    /** How long the link "this was not me" works. */
    denyMs: 7 * DAY,
  },
  mailCodes: {
    digits: 8, // OWASP ASVS 6.5.4 wants 20 bits: six digits have 19.9
    lifeMs: 5 * MINUTE,
    /** Wrong codes before the challenge is dead. */
    tries: 5,
    /** Codes one person gets from one place in an hour; the pause before the next one doubles from `firstPauseMs`. */
    perHour: 5,
    firstPauseMs: 30 * SECOND,
    /**
     * Codes mailed to one address, whoever asks: nobody's mailbox is filled, and nobody guesses long (ASVS 6.6.3). What its
     * owner, signed in, asks for at their own address counts apart, up to the same: strangers cannot use that up.
     */
    perAddressHour: 10,
    perAddressDay: 30,
  },
  /** Addresses beside the account's own, which get every notice and may help to recover it. */
  contacts: { limit: 3 },
  roles: {
    /** Roles that nobody gives alone: a second administrator, who is neither proposer nor receiver, must approve. */
    twoPerson: ["admin", "privacy-officer"] as readonly string[],
    /** How long a proposal waits for the second administrator. */
    proposalMs: 1 * DAY,
    /** How long the record of a change is kept, for reviews of access. The audit log keeps its own. */
    keepMs: 2 * 365 * DAY,
  },
  keys: {
    cacheEntries: 5_000,
    /** Unwrapped keys live this long in memory, less up to a fifth (jitter against a stampede). */
    cacheMs: 5 * MINUTE,
    /** The same of keys of L4 fields, without jitter; 0: asked for every time. */
    vaultCacheMs: 10 * SECOND,
    /** AMBER only: how long a cached key may be used past its time while KMS is down. RED never. */
    staleMs: 1 * HOUR,
    /** While a key is used past its time: how long until KMS is asked again. */
    retryMs: 10 * SECOND,
    /** Uses before a key is fetched again, whatever its age. */
    maxUses: 2 ** 20,
    /** How long nobody makes new keys for somebody whose keys were destroyed: longer than any queue holds an old write back. */
    goneMs: 30 * DAY,
  },
  /** Files in encrypted folders. */
  files: {
    /** Plaintext of one segment: what is read and verified at a time. A larger one costs memory, a smaller one time. */
    segmentBytes: 256 * 1_024,
    /** Whole segments, and well below the 32 MiB that a request may have: an instance holds one part for each request. */
    partBytes: 4 * 1_024 * 1_024,
    /** How long a ticket is good for sending parts, and for fetching. A new one is a call away. */
    uploadTicketMs: 30 * MINUTE,
    downloadTicketMs: 5 * MINUTE,
    /** Uploads of one account that may be under way, and how long each waits to be finished. */
    unfinished: 10,
    unfinishedMs: 1 * DAY,
  },
  /** Two-person access to fields under the hardware key (`hardware: true`, L4). */
  vault: {
    /** How long a request waits for the second officer. */
    requestMs: 1 * DAY,
    /** How long an approved request may be opened, once. */
    openMs: 30 * MINUTE,
    /** How long after a silent opening the person is told of it. */
    silentMs: 30 * DAY,
    /** How long requests are kept, for reviews of access. The audit log keeps its own. */
    keepMs: 2 * 365 * DAY,
  },
  kms: {
    timeoutMs: 5_000,
    rings: {
      red: "firekeep-red",
      amber: "firekeep-amber",
      /** L4: hardware security modules only. */
      vault: "firekeep-vault",
      index: "firekeep-index",
      audit: "firekeep-audit",
    },
  },
  /** Sweeps that give keys and data new keys (docs/runbooks/encryption.md). */
  rotation: {
    /** Documents of one page, after which the sweep's place is kept; and how many of them are worked on at once. */
    pageSize: 200,
    parallel: 16,
    /** How long a slice works before it hands over to the next. */
    sliceMs: 2 * MINUTE,
    /** Pauses while KMS or the database of keys cannot be reached; each is twice the one before. */
    firstPauseMs: 30 * SECOND,
    longestPauseMs: 15 * MINUTE,
    /** Attempts of a slice before it waits for the hourly tick. */
    attempts: 5,
    /** A sweep that nobody has worked on for this long has stopped, and is queued again. */
    stoppedAfterMs: 30 * MINUTE,
  },
  passwords: {
    /** Password sign-up, sign-in and change through our functions. On where FIREKEEP_WEB_API_KEY is set, too. */
    proxy: true as boolean,
    /** Unicode code points: NIST SP 800-63B-4 §3.1.1.2. `withFactor` when the account has a second factor. */
    minLength: { alone: 15, withFactor: 8 },
    maxBytes: 4_096,
    /** Words of yours that no password may be built on, such as the app's and the company's name. The project's id is always one. */
    bannedWords: ["firekeep"] as readonly string[],
    breach: {
      timeoutMs: 1 * SECOND,
      /** A range of five hex digits has some 1 000 lines of 40 characters; more than this is no such answer. */
      maxBytes: 512 * 1_024,
    },
    /** Sign-up's answers and sign-in's refusals leave at a multiple of this, so that their time tells nothing. Above what Google usually takes. */
    answerEveryMs: 1 * SECOND,
    /** How long Google has to judge a password. */
    timeoutMs: 5 * SECOND,
    /** How long a sign-up, or a new address, waits for its code. */
    confirmWithinMs: 10 * MINUTE,
    /** Attempts are spent before a password is looked at; a right one gives them back. */
    attempts: {
      /** One account from one network: what guessing looks like, so it is slowed hard. */
      pair: { limit: 5, windowMs: 15 * MINUTE, maxPauseMs: 12 * HOUR },
      /** One network, whatever the accounts. Offices and carriers share theirs. */
      network: { limit: 100, windowMs: 10 * MINUTE, maxPauseMs: 1 * HOUR },
      /** One account from anywhere: slowed softly, so that strangers cannot lock the owner out. Trusted devices are exempt. */
      account: { limit: 20, windowMs: 1 * MINUTE, maxPauseMs: 5 * MINUTE },
    },
    /** What was counted is forgotten this long after the last attempt. */
    forgetMs: 2 * DAY,
  },
  providers: {
    /** Ways to sign in that Firebase may be used for. Known ones are in identity/accounts/providers.ts; `saml.` and `oidc.` by their full names. */
    allowed: ["password", "emailLink", "phone", "custom", "google.com", "apple.com"] as readonly string[],
  },
  sms: {
    /** Calling codes that messages may go to. Numbers elsewhere get none: expensive ranges are what SMS pumping lives on. */
    regions:
      "30 31 32 33 34 351 352 353 354 356 357 358 359 36 370 371 372 385 386 39 40 41 420 421 423 43 44 45 46 47 48 49".split(
        " ",
      ) as readonly string[],
    /** Numbers that differ in these last digits only are one prefix. */
    prefixDrops: 4,
    /** In any hour so many at once, then one every so often (GCRA). Sign-ups, and second factors, count apart. */
    perHour: { prefix: 5, network: 5, project: { "sign-up": 200, "second-factor": 500 } },
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
  /** Security event tokens (CAEP) pushed to other services. */
  signals: {
    receivers: 10,
    /**
     * Versions of the key `firekeep-audit/events`: the one that signs, and those that receivers find in the key set. Publish a
     * new one an hour before it signs, and take the old one out when nothing it signed is under way (docs/runbooks/identity.md).
     */
    keyVersions: { sign: "1", publish: ["1"] } as { readonly sign: string; readonly publish: readonly string[] },
    /** Tries of one token, with doubling pauses between: about nine hours in all. */
    attempts: 12,
    firstPauseMs: 20 * SECOND,
    longestPauseMs: 3 * HOUR,
    timeoutMs: 10 * SECOND,
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
    /** What outlives an erasure, at the longest. A receipt states it, so keep it true to what infra/ sets up: infra/test/stack.test.ts compares. */
    horizon: {
      keysBackupMs: 7 * DAY, // wrapped data keys in daily backups of database `keys`
      keysHistoryMs: 7 * DAY, // and in its point-in-time recovery, which Firestore keeps for 7 days
      plainBackupMs: 14 * 7 * DAY, // fields stored plain, in backups of the app's database: Firestore's longest
      kekEpochMs: 90 * DAY, // a key-encryption key is rotated this often, and what it wraps is wrapped anew
      kmsDestroyMs: 30 * DAY, // its destroyed version can be restored for this long
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
  /** Locations of the key rings, comma-separated, such as `europe-west1,us-east1`. The first is home: what no map row restricts. */
  FIREKEEP_KMS_LOCATION: { required: true },
  /** Location of the Firestore databases, such as `eur3`; needed where the data map says `regions`. */
  FIREKEEP_FIRESTORE_LOCATION: { required: false },
  /** Location of FIREKEEP_BUCKET; needed where the data map restricts a folder to `regions`. */
  FIREKEEP_BUCKET_LOCATION: { required: false },
  /** `host:port` of a local KMS; absent in production, where the client finds Cloud KMS. */
  FIREKEEP_KMS_ENDPOINT: { required: false },
  /** Bucket for exports and user files. */
  FIREKEEP_BUCKET: { required: true },
  /** Base URL under which callers reach the HTTPS functions, for links in exports. */
  FIREKEEP_PUBLIC_URL: { required: true },
  /** Comma-separated origins, such as `http://127.0.0.1:9099`, that webhooks may reach although they are not public HTTPS. */
  FIREKEEP_WEBHOOK_ORIGINS: { required: false },
  /** Secret. Mail server, `smtps://user:password@host:465`; absent or `off`: notices are kept and wait. */
  FIREKEEP_SMTP_URL: { required: false },
  /** The address that mails come from; needed with a mail server. */
  FIREKEEP_MAIL_FROM: { required: false },
  /** Base URL of the console, for the links in mails, such as `https://security.example.com`. */
  FIREKEEP_CONSOLE_URL: { required: false },
  /** Key of the project's Identity Toolkit API, for servers. With it the password proxy works; without it, it is off. */
  FIREKEEP_WEB_API_KEY: { required: false },
  /** Base URL of Identity Toolkit's REST API, where it is not Google's. */
  FIREKEEP_IDENTITY_ENDPOINT: { required: false },
  /** Base URL of a k-anonymity range service for breached passwords (`GET <base>/<5 hex digits>`); absent: not asked. */
  FIREKEEP_BREACH_URL: { required: false },
  /** Relying party id of passkeys: the domain they are bound to for good, such as `example.com`. Absent: no passkeys. */
  FIREKEEP_RP_ID: { required: false },
  /** Comma-separated origins that passkeys are used from: `https://app.example.com`, `android:apk-key-hash:…`. */
  FIREKEEP_ORIGINS: { required: false },
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

/** Whether a per-project variable is set at all. */
export const hasVariable = (name: Variable): boolean => (process.env[name] ?? "") !== "";

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
