import type { Auth } from "firebase-admin/auth";

/** What Identity Platform holds of a person, as the person may see it. Hashes and tokens stay there. */
export interface AccountRecord {
  readonly uid: string;
  readonly email?: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Accounts {
  find(uid: string): Promise<AccountRecord | undefined>;
  /** No sign-in and no new token from now on. Fine when the account is gone. */
  close(uid: string): Promise<void>;
  /** Fine when the account is gone. */
  remove(uid: string): Promise<void>;
}

export const authAccounts = (auth: () => Auth): Accounts => ({
  find: async (uid) => {
    const user = await ignoreMissing(auth().getUser(uid));
    if (user === undefined) return undefined;
    const { email, emailVerified, displayName, phoneNumber, photoURL, disabled, metadata, providerData } = user;
    const providers = providerData.map(({ providerId, uid: id, email: address }) => ({
      providerId,
      id,
      email: address,
    }));
    const times = { createdAt: metadata.creationTime, lastSignInAt: metadata.lastSignInTime };
    const facts = { email, emailVerified, displayName, phoneNumber, photoURL, disabled, ...times, providers };
    return { uid, ...(email !== undefined && { email }), facts };
  },
  close: async (uid) => {
    await ignoreMissing(auth().updateUser(uid, { disabled: true }));
    await ignoreMissing(auth().revokeRefreshTokens(uid));
  },
  remove: async (uid) => {
    await ignoreMissing(auth().deleteUser(uid));
  },
});

const ignoreMissing = async <Result>(work: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await work;
  } catch (error) {
    if ((error as { code?: string }).code === "auth/user-not-found") return undefined;
    throw error;
  }
};
