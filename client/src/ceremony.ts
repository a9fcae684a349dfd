import {
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from "@simplewebauthn/browser";
import { FirekeepError } from "./error.ts";
import type { Output } from "./send-call.ts";

type CreationOptions = Output<"identity-passkey-enrol">["options"];
type RequestOptions = Output<"identity-passkey-begin">["options"];

/**
 * Lets the browser make a passkey. Cancels any ceremony that still waits.
 *
 * @throws FirekeepError `client/passkey-cancelled`, `client/passkey-exists`, `client/passkey-failed`
 */
export const createPasskey = (options: CreationOptions): Promise<RegistrationResponseJSON> =>
  translated(startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON }));

/**
 * Lets the browser sign with a passkey; with `autofill` it waits, without a dialog, until the person picks one in a form
 * field. Cancels any ceremony that still waits.
 *
 * @throws FirekeepError `client/passkey-cancelled`, `client/passkey-failed`
 */
export const usePasskey = (options: RequestOptions, autofill = false): Promise<AuthenticationResponseJSON> =>
  translated(
    startAuthentication({
      optionsJSON: options as PublicKeyCredentialRequestOptionsJSON,
      useBrowserAutofill: autofill,
    }),
  );

/** Ends the ceremony that waits, if one does. */
export const cancelCeremony = (): void => WebAuthnAbortService.cancelCeremony();

const translated = async <Response>(ceremony: Promise<Response>): Promise<Response> => {
  try {
    return await ceremony;
  } catch (error) {
    const { name } = error as Error;
    const [code, message] = FAILURES[name] ?? ["client/passkey-failed", "The passkey could not be used here."];
    throw new FirekeepError(code, message, {}, error);
  }
};

// By the names of WebAuthn L3 §5.1.3 and §5.1.4. A browser does not tell "refused by the person" from "took too long".
const CANCELLED = ["client/passkey-cancelled", "No passkey was used."] as const;
const FAILURES: Readonly<Record<string, readonly [code: string, message: string]>> = {
  NotAllowedError: CANCELLED,
  AbortError: CANCELLED,
  InvalidStateError: ["client/passkey-exists", "This device already has a passkey for your account."],
};
