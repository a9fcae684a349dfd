import type { Auth } from "firebase-admin/auth";
import type { EpochMs } from "../kernel/time.js";

export interface AuthStatus {
  readonly disabled: boolean;
  /** Sign-ins made before this were revoked at Firebase. */
  readonly tokensValidAfter: EpochMs;
}

/** What Firebase Authentication knows of an account, and no token tells. */
export interface AuthDirectory {
  /** Undefined when there is no such account. */
  status(uid: string): Promise<AuthStatus | undefined>;
  /** Makes Firebase refuse all refresh tokens issued before now. */
  revokeTokens(uid: string): Promise<void>;
}

/** One `accounts:lookup` or `accounts:update` each. */
export const firebaseAuthDirectory = (auth: () => Auth): AuthDirectory => ({
  status: (uid) =>
    auth()
      .getUser(uid)
      .then(({ disabled, tokensValidAfterTime }) => ({
        disabled,
        tokensValidAfter: tokensValidAfterTime === undefined ? 0 : Date.parse(tokensValidAfterTime),
      }))
      .catch(unlessUnknown),
  revokeTokens: (uid) => auth().revokeRefreshTokens(uid).catch(unlessUnknown),
});

const unlessUnknown = (error: unknown): undefined => {
  if ((error as { code?: string }).code !== "auth/user-not-found") throw error;
};
