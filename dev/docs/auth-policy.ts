import type { Reference } from "./api-reference.ts";

interface Attempts {
  readonly limit: number;
  readonly windowMs: number;
  readonly maxPauseMs: number;
}

interface Provider {
  readonly checkedBy: "firebase" | "federation" | "firekeep";
  readonly blockingTrigger: boolean;
  readonly platformMfa: boolean;
  readonly assurance: number;
  readonly amr: string;
  readonly starts: "session" | "resume";
  readonly note: string;
}

/** What the code reads, as far as this page tells of it. */
export interface AuthPolicy {
  readonly providers: Readonly<Record<string, Provider>>;
  readonly config: {
    readonly passwords: {
      readonly minLength: { readonly alone: number; readonly withFactor: number };
      readonly maxBytes: number;
      readonly bannedWords: readonly string[];
      readonly answerEveryMs: number;
      readonly forgetMs: number;
      readonly attempts: Readonly<Record<"pair" | "network" | "account", Attempts>>;
    };
    readonly totp: { readonly issuer: string; readonly attempts: Attempts; readonly lifetimeFailures: number };
    readonly providers: { readonly allowed: readonly string[] };
    readonly sms: {
      readonly regions: readonly string[];
      readonly prefixDrops: number;
      readonly perHour: {
        readonly prefix: number;
        readonly network: number;
        readonly project: Readonly<Record<string, number>>;
      };
    };
  };
}

/** `docs/auth-policy.md`: what OWASP ASVS 6.1.1, 6.1.2 and 6.1.3 want written down, made from what the code reads. */
export const renderAuthPolicy = ({ config, providers }: AuthPolicy, calls: readonly Reference[]): string =>
  [
    INTRODUCTION,
    renderLimits(calls),
    renderBackOff(config),
    renderSms(config),
    LOCK_OUT,
    renderPasswords(config),
    renderProviders(providers, config.providers.allowed),
  ].join("\n\n") + "\n";

const INTRODUCTION = `# Authentication policy

Made by \`npm run docs\` from the configuration and the tables that the code itself reads; do not edit. The reasons are beside
the numbers, in \`functions/src/config.ts\`.`;

const renderLimits = (calls: readonly Reference[]): string => {
  const rows = calls
    .filter(({ domain }) => domain === "identity")
    .map(({ id, row }) => [
      `\`${id}\``,
      row.session === "public" ? "anybody" : row.session === "none" ? "a sign-in" : "a session",
      `${String(row.limit.permits)} in ${span(row.limit.perMs)}, per ${row.limit.by}`,
    ]);
  return `## Rate limits (ASVS 6.1.1)

Spent before anything else of a call is looked at; they keep floods away. What stops guessing is below.

${table(["call", "needs", "limit"], rows)}`;
};

const renderBackOff = ({ passwords, totp }: AuthPolicy["config"]): string => {
  const row = (what: string, { limit, windowMs, maxPauseMs }: Attempts, note: string) => [
    what,
    String(limit),
    span(windowMs),
    span(maxPauseMs),
    note,
  ];
  const rows = [
    row("a password, one account from one network", passwords.attempts.pair, "forgotten by the right one"),
    row("a password, one network", passwords.attempts.network, "a right one is not counted"),
    row("a password, one account from anywhere", passwords.attempts.account, "trusted devices are exempt"),
    row("a second factor", totp.attempts, `disabled after ${String(totp.lifetimeFailures)} in a row`),
  ];
  return `## Back-off after failures (ASVS 6.1.1, 6.3.1)

An attempt is spent before the secret is looked at, so that guesses that race are counted all the same. The pause doubles with every
further burst. Password attempts are forgotten ${span(passwords.forgetMs)} after the last one.

${table(["what is guessed", "tries", "first pause", "longest pause", ""], rows)}

Beside this, detection counts failures from the password proxy and from Firebase's activity log alike (the log's entries of the proxy's own
requests are recognised by their signed user agent and not counted twice); its rules raise findings, and a second factor is asked for.`;
};

const renderSms = ({ sms }: AuthPolicy["config"]): string => `## Messages by SMS (ASVS 6.6.1, 6.6.3)

Identity Platform asks \`identity-user-beforesms\` before each. In an hour, and then one at a time as the hour goes on:
${String(sms.perHour.network)} from one network, ${String(sms.perHour.prefix)} to one range of numbers (the last ${String(sms.prefixDrops)} digits left away), and in the whole project
${Object.entries(sms.perHour.project)
  .map(([use, permits]) => `${String(permits)} for ${use}s`)
  .join(", ")}. Sign-ups and second factors are counted apart. Numbers are kept as keyed hashes only.
Calling codes: ${sms.regions.map((code) => `+${code}`).join(" ")}. Elsewhere nothing is sent.`;

const LOCK_OUT = `## How lock-out cannot be turned against a person (ASVS 6.1.1)

- Guesses from one network stop at the budget of that network and that pair. They spend nothing of the account's own budget then, so that the
  owner signs in from anywhere else as if nothing were.
- Guesses from everywhere slow the account as a whole for minutes, never for good. A device that the account trusts proves its key and is
  counted by itself; a passkey, a mailed code and Firebase's other ways to sign in do not ask about passwords at all.
- A second factor's failures are counted only for somebody who has passed the first.
- An address without an account is counted, answered and timed like one that has one.
- No account is closed by failures. Detection may bar an account-and-network pair for a while; its sessions go on.`;

const renderPasswords = ({ passwords, totp }: AuthPolicy["config"]): string => `## Passwords (ASVS 6.1.2, 6.2)

At least ${String(passwords.minLength.alone)} characters (${String(passwords.minLength.withFactor)} for an account with a second factor), at most ${String(passwords.maxBytes)} bytes, used exactly as typed. No
rules of composition, no expiry. Refused: the passwords used most and repetitions of them, those known from breaches where a
range service is set up (\`FIREKEEP_BREACH_URL\`), and those that are nothing but words of the context:

- of the app: ${[...new Set([totp.issuer, ...passwords.bannedWords].map((word) => word.toLowerCase()))].map((word) => `\`${word}\``).join(", ")}, and the project's id;
- of the person: the e-mail address and its parts.

Words count from four letters, whatever their case, with digits and signs read as the letters they are put for. Refusals that must not tell
whether an account exists leave at a beat of ${span(passwords.answerEveryMs)}.

With the proxy switched on (\`config.passwords.proxy\` and \`FIREKEEP_WEB_API_KEY\`), close Firebase's own sign-up for end users
(\`disabledUserSignup\`), set its password policy to the same length, and keep its e-mail enumeration protection on.`;

const renderProviders = (providers: AuthPolicy["providers"], allowed: readonly string[]): string => {
  const rows = Object.entries(providers).map(([name, row]) => [
    `\`${name}\``,
    row.checkedBy === "firekeep" || allowed.some((each) => matches(name, each)) ? "yes" : "no",
    { firebase: "Firebase", federation: "the provider, for Firebase", firekeep: "Firekeep" }[row.checkedBy],
    row.blockingTrigger ? "yes" : "no",
    row.platformMfa ? "yes" : "no",
    row.starts === "resume" ? "–" : `${String(row.assurance)} (\`${row.amr}\`)`,
    row.note,
  ]);
  return `## Ways to sign in (ASVS 6.1.3, 6.3.4)

There are no others: what is not in this table and allowed is refused before the sign-in, and again before a session starts. A way without a blocking
trigger gives a token without a session id, from which no session starts, unless Firekeep made the session itself.

${table(["way", "allowed", "checked by", "blocking trigger", "SMS factor", "assurance", ""], rows)}`;
};

const matches = (name: string, allowed: string): boolean =>
  name === allowed || (name.endsWith(".*") && allowed.startsWith(name.slice(0, -1)));

const UNITS = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1_000, "second"],
] as const;

const span = (ms: number): string => {
  const [unit, name] = UNITS.find(([size]) => ms % size === 0) ?? [1, "millisecond"];
  return `${String(ms / unit)} ${name}${ms === unit ? "" : "s"}`;
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
