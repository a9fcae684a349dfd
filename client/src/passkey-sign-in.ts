import { browserSupportsWebAuthnAutofill, type AuthenticationResponseJSON } from "@simplewebauthn/browser";
import { cancelCeremony, usePasskey } from "./ceremony.ts";
import { isFirekeepError } from "./error.ts";
import { signalUnknown } from "./passkey-signals.ts";
import type { Output } from "./send-call.ts";
import { enter, type SignedIn, type SignInDeps } from "./sign-in.ts";

type Begun = Output<"identity-passkey-begin">;

/**
 * Signs in with a passkey that the person picks in the browser's dialog; nobody is named before.
 *
 * @throws FirekeepError `client/passkey-cancelled`, `identity/passkey-rejected`, `identity/sign-in-refused` …
 */
export const signInWithPasskey = async (
  deps: SignInDeps,
  { deviceName }: { deviceName: string },
): Promise<SignedIn> => {
  const begun = await deps.firekeep.call("identity-passkey-begin", {}, { secret: "none" });
  return finish(deps, begun, await usePasskey(begun.options), deviceName);
};

export interface PasskeyOffer {
  readonly deviceName: string;
  readonly onSignIn: (signedIn: SignedIn) => void;
  /** A passkey was picked and refused; the offer goes on. */
  readonly onProblem: (error: unknown) => void;
  /** Called when a picked passkey goes to the server, and (false) when the answer is there. */
  readonly onBusy?: (busy: boolean) => void;
  /** Ends the offer. */
  readonly signal: AbortSignal;
}

/**
 * Offers passkeys in the autofill of an `<input autocomplete="username webauthn">` that is on the page, until one signs in,
 * the signal ends it, or another ceremony takes over (call it again after that). The challenge is renewed before it ends.
 */
export const offerPasskeys = async (deps: SignInDeps, offer: PasskeyOffer): Promise<void> => {
  if (!(await browserSupportsWebAuthnAutofill())) return;
  offer.signal.addEventListener("abort", cancelCeremony, { once: true });
  const isOver = (): boolean => offer.signal.aborted;
  while (!isOver()) {
    const begun = await deps.firekeep.call("identity-passkey-begin", {}, { secret: "none" });
    if (isOver()) return;
    const picked = await waitForPick(begun);
    if (picked === "taken-over") return;
    if (picked === "renew") continue;
    offer.onBusy?.(true);
    try {
      offer.onSignIn(await finish(deps, begun, picked, offer.deviceName));
      return;
    } catch (error) {
      offer.onProblem(error);
    } finally {
      offer.onBusy?.(false);
    }
  }
};

const waitForPick = async (begun: Begun): Promise<AuthenticationResponseJSON | "renew" | "taken-over"> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const renewal = new Promise<"renew">((resolve) => {
    timer = setTimeout(() => {
      resolve("renew");
      cancelCeremony();
    }, begun.renewAfterMs);
  });
  const pick = usePasskey(begun.options, true).catch((error: unknown) => {
    if (isFirekeepError(error, "client/passkey-cancelled")) return "taken-over" as const;
    throw error;
  });
  try {
    return await Promise.race([renewal, pick]);
  } finally {
    clearTimeout(timer);
  }
};

const finish = async (
  deps: SignInDeps,
  { challenge, options }: Begun,
  response: AuthenticationResponseJSON,
  deviceName: string,
): Promise<SignedIn> => {
  try {
    return await enter(deps, (binding) =>
      deps.firekeep.call(
        "identity-passkey-finish",
        { challenge, response, device: { name: deviceName }, binding },
        { secret: "none" },
      ),
    );
  } catch (error) {
    // Only when the server says that it does not know this very passkey: then the browser need not offer it again.
    if (isFirekeepError(error) && error.details["unknown"] === true) await signalUnknown(options.rpId, response.id);
    throw error;
  }
};
