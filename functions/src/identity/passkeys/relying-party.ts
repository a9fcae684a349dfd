import { config, requireVariable } from "../../config.js";
import { DomainError } from "../../kernel/errors.js";

/** Whose passkeys these are (WebAuthn L3 §4, "relying party"), and from where they may be used. */
export interface RelyingParty {
  /** The domain that passkeys are bound to. */
  readonly id: string;
  readonly name: string;
  /** Exact origins: web origins, and `android:apk-key-hash:…` of apps. */
  readonly origins: readonly string[];
  /** Origins whose pages may hold ours in a frame. */
  readonly topOrigins: readonly string[];
}

/**
 * The relying party of this project. It comes from the configuration and never from a request: whoever could name it there
 * would have passkeys accepted that were made for another site.
 *
 * @throws config/missing where FIREKEEP_RP_ID or FIREKEEP_ORIGINS is not set
 */
export const relyingParty = (): RelyingParty => {
  const id = requireVariable("FIREKEEP_RP_ID");
  const origins = requireVariable("FIREKEEP_ORIGINS")
    .split(",")
    .map((origin) => origin.trim())
    .filter((origin) => origin !== "");
  const faults = [...(DOMAIN.test(id) ? [] : ["FIREKEEP_RP_ID"]), ...origins.filter((each) => !isOrigin(each))];
  if (faults.length > 0 || origins.length === 0) throw malformed(faults);
  return { id, name: config.passkeys.rpName, origins, topOrigins: config.passkeys.topOrigins };
};

/**
 * The document that the relying party's site serves as `/.well-known/webauthn`, so that browsers let pages of its other
 * origins use its passkeys (WebAuthn L3 §5.11). Only needed for origins that are not of the relying party's own domain.
 */
export const relatedOrigins = ({ origins }: Pick<RelyingParty, "origins">): { origins: string[] } => ({
  origins: origins.filter((origin) => origin.startsWith("https://")),
});

const DOMAIN = /^(?!-)[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63})*$/;
// SHA-256 of the certificate that signs the app, base64url.
const APP = /^android:apk-key-hash:[\w-]{43}$/;

const isOrigin = (text: string): boolean => {
  if (APP.test(text)) return true;
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const secure = url.protocol === "https:" || (url.protocol === "http:" && url.hostname === "localhost");
  return secure && url.origin === text && DOMAIN.test(url.hostname);
};

const malformed = (faults: readonly string[]): DomainError =>
  new DomainError({
    code: "config/malformed",
    status: "internal",
    message: "The server is not configured.",
    cause: new Error(
      `not a domain, or not an exact origin of https, localhost or an Android app: ${faults.join(", ")}`,
    ),
  });
