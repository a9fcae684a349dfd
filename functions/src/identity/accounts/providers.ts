import { config } from "../../config.js";
import type { Assurance } from "../../platform/session.js";
import { identityError } from "../errors.js";

/** One way to sign in, and what it is worth. */
export interface ProviderRow {
  /** Who checks what the person shows: Firebase, somebody Firebase federates with, or Firekeep itself. */
  readonly checkedBy: "firebase" | "federation" | "firekeep";
  /** Whether Firebase asks `beforesignin` first. Without it the token has no `sid`, and no session can start from it. */
  readonly blockingTrigger: boolean;
  /** Whether Identity Platform asks for its own second factor (SMS) in this way. */
  readonly platformMfa: boolean;
  /** What the way reaches alone; a passkey's answer decides between 2 and 3. */
  readonly assurance: Assurance;
  /** RFC 8176 name of what is shown. */
  readonly amr: string;
  /** `resume`: the token only carries on with a session that is there already. */
  readonly starts: "session" | "resume";
  /** What one must know, for docs/auth-policy.md. */
  readonly note: string;
}

const firebase = { checkedBy: "firebase", assurance: 1, starts: "session" } as const;
const federated = {
  checkedBy: "federation",
  blockingTrigger: true,
  platformMfa: true,
  assurance: 1,
  amr: "fed",
  starts: "session",
  note: "Needs an address that the provider vouches for.",
} as const;
const own = { checkedBy: "firekeep", blockingTrigger: false, platformMfa: false, starts: "session" } as const;
const game = { ...federated, platformMfa: false, note: "A game account: says little of who the person is." } as const;

/** Every way to sign in that is known. What is not here is refused; what is here must also be in `config.providers.allowed`. */
export const PROVIDERS = {
  password: {
    ...firebase,
    blockingTrigger: true,
    platformMfa: true,
    amr: "pwd",
    note: "Checked by Firebase, or by the proxy (`identity-password-signin`), which minds guesses.",
  },
  emailLink: {
    ...firebase,
    blockingTrigger: true,
    platformMfa: true,
    amr: "email",
    note: "The token calls it `password`; its claim `via` is ours. E-mail is no factor (NIST SP 800-63B-4 §3.1.3.1).",
  },
  phone: {
    ...firebase,
    blockingTrigger: true,
    platformMfa: false,
    amr: "sms",
    note: "Restricted (NIST SP 800-63B-4 §3.2.9).",
  },
  anonymous: {
    ...firebase,
    blockingTrigger: false,
    platformMfa: false,
    amr: "anonymous",
    note: "Shows nothing, so proves nothing.",
  },
  custom: {
    ...firebase,
    blockingTrigger: false,
    platformMfa: false,
    amr: "custom",
    starts: "resume",
    note: "How the ways that Firekeep checks reach the client: the session was made before the token.",
  },
  "google.com": federated,
  "apple.com": federated,
  "microsoft.com": federated,
  "yahoo.com": federated,
  "facebook.com": { ...federated, note: "Vouches for no address: sign-ups with one are refused." },
  "github.com": { ...federated, note: "Vouches for no address: sign-ups with one are refused." },
  "twitter.com": { ...federated, note: "Vouches for no address: sign-ups with one are refused." },
  "linkedin.com": federated,
  "playgames.google.com": game,
  "gc.apple.com": game,
  "saml.*": { ...federated, amr: "fed", note: "One of yours: name it in full in `config.providers.allowed`." },
  "oidc.*": { ...federated, amr: "fed", note: "One of yours: name it in full in `config.providers.allowed`." },
  passkey: { ...own, assurance: 2, amr: "swk", note: "`hwk` and 3 for a key that cannot be copied." },
  "email-code": { ...own, assurance: 1, amr: "email", note: "Never above 1 (OWASP ASVS 6.3.6)." },
} as const satisfies Record<string, ProviderRow>;

/** The row of a provider, whether it is allowed or not; undefined when it is not known. */
export const findProvider = (provider: string): ProviderRow | undefined => {
  const name = provider.replace(/^(saml|oidc)\..+$/, "$1.*");
  return Object.hasOwn(PROVIDERS, name) ? (PROVIDERS as Readonly<Record<string, ProviderRow>>)[name] : undefined;
};

/**
 * The row of a way to sign in that is known, allowed, and may do this: `sign-in` when Firebase asks before a sign-in or
 * sign-up, `session` before a new session is made. A session that exists already is no matter of this.
 *
 * @throws identity/provider-refused
 */
export const admitProvider = (
  provider: string | undefined,
  by: "sign-in" | "session",
  allowed: readonly string[] = config.providers.allowed,
): ProviderRow => {
  const row = provider === undefined ? undefined : findProvider(provider);
  const known =
    provider !== undefined && row !== undefined && (row.checkedBy === "firekeep" || allowed.includes(provider));
  if (!known || (by === "sign-in" && row.checkedBy === "firekeep")) throw identityError("provider-refused");
  if (by === "session" && row.starts === "resume") throw identityError("provider-refused");
  return row;
};
