import type { Output } from "./send-call.ts";

type Signal = Output<"identity-passkey-rename">["signal"];

/** The Signal API (WebAuthn L3 §5.1.10), where the browser has it. */
interface SignalApi {
  readonly signalUnknownCredential?: (told: { rpId: string; credentialId: string }) => Promise<void>;
  readonly signalAllAcceptedCredentials?: (told: {
    rpId: string;
    userId: string;
    allAcceptedCredentialIds: string[];
  }) => Promise<void>;
  readonly signalCurrentUserDetails?: (told: {
    rpId: string;
    userId: string;
    name: string;
    displayName: string;
  }) => Promise<void>;
}

/** Tells the browser which passkeys the account still has: it stops offering the others. */
export const signalAccepted = ({ rpId, userId, allAcceptedCredentialIds }: Signal): Promise<void> =>
  tell((api) => api.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds }));

/** Tells the browser under which name to show the account's passkeys. */
export const signalDetails = ({ rpId, userId, name, displayName }: Signal): Promise<void> =>
  tell((api) => api.signalCurrentUserDetails?.({ rpId, userId, name, displayName }));

/** Tells the browser that the server does not know this passkey. */
export const signalUnknown = (rpId: string, credentialId: string): Promise<void> =>
  tell((api) => api.signalUnknownCredential?.({ rpId, credentialId }));

// A hint for the browser's list: nothing hangs on whether it took it.
const tell = async (send: (api: SignalApi) => Promise<void> | undefined): Promise<void> => {
  if (typeof PublicKeyCredential === "undefined") return;
  try {
    await send(PublicKeyCredential);
  } catch {
    return;
  }
};
