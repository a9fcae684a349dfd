import type { Auth } from "firebase-admin/auth";
import type { EpochMs } from "../../kernel/time.js";

export interface AuthStatus {
  readonly disabled: boolean;
  readonly email?: string;
  readonly emailVerified: boolean;
  /** Sign-ins made before this were revoked at Firebase. */
  readonly tokensValidAfter: EpochMs;
}

/** What Firebase Authentication knows of an account, and no token tells. */
export interface AuthDirectory {
  /** Undefined when there is no such account. */
  status(uid: string): Promise<AuthStatus | undefined>;
  /** The account that signs in with this address; undefined when there is none. */
  uidOf(email: string): Promise<string | undefined>;
  /** A token that Firebase's `signInWithCustomToken` takes for five minutes or so. It names the session. */
  mintToken(uid: string, sid: string): Promise<string>;
  /** Makes Firebase refuse all refresh tokens issued before now. */
  revokeTokens(uid: string): Promise<void>;
}

/** One `accounts:lookup` or `accounts:update` each. */
export const firebaseAuthDirectory = (auth: () => Auth): AuthDirectory => ({
  status: (uid) =>
    auth()
      .getUser(uid)
      .then(({ disabled, email, emailVerified, tokensValidAfterTime }) => ({
        disabled,
        ...(email !== undefined && { email }),
        emailVerified,
        tokensValidAfter: tokensValidAfterTime === undefined ? 0 : Date.parse(tokensValidAfterTime),
      }))
      .catch(unlessUnknown),
  uidOf: (email) =>
    auth()
      .getUserByEmail(email)
      .then(({ uid }) => uid)
      .catch(unlessUnknown),
  mintToken: (uid, sid) => auth().createCustomToken(uid, { sid }),
  revokeTokens: (uid) => auth().revokeRefreshTokens(uid).catch(unlessUnknown),
});

const unlessUnknown = (error: unknown): undefined => {
  if ((error as { code?: string }).code !== "auth/user-not-found") throw error;
};
