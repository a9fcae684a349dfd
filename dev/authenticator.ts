import type { CDPSession, Page } from "playwright-core";

/** A virtual authenticator in a page of Chromium (WebAuthn's automation, L3 §11), with PIN or biometric. */
export interface Authenticator {
  /** Whether the person's finger is on it: PIN or biometric succeeds. */
  readonly setVerified: (verified: boolean) => Promise<void>;
  /** Whether the person answers dialogs and autofill, at once. */
  readonly setPresent: (present: boolean) => Promise<void>;
  readonly credentials: () => Promise<{ credentialId: string; rpId: string }[]>;
  readonly unplug: () => Promise<void>;
}

/** `synced` may copy its keys to other devices (backup eligible), `device-bound` may not. One is plugged in at a time. */
export const plugInAuthenticator = async (page: Page, kind: "synced" | "device-bound"): Promise<Authenticator> => {
  const devtools: CDPSession = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const synced = kind === "synced";
  const options = { ...OPTIONS, defaultBackupEligibility: synced, defaultBackupState: synced };
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
  return {
    setVerified: async (isUserVerified) => {
      await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
    },
    setPresent: async (enabled) => {
      await devtools.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
    },
    credentials: async () => {
      const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
      return credentials.map(({ credentialId, rpId = "" }) => ({ credentialId, rpId }));
    },
    unplug: async () => {
      await devtools.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
      await devtools.detach();
    },
  };
};

const OPTIONS = {
  protocol: "ctap2",
  ctap2Version: "ctap2_1",
  transport: "internal",
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;
