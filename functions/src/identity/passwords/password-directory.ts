import type { Auth } from "firebase-admin/auth";
import { z } from "zod";

/** What Firebase says of an address and a password. */
export type PasswordVerdict =
  | { readonly outcome: "right"; readonly uid: string }
  /** Right, and Firebase now wants its own second factor (SMS), which only its own sign-in can ask for. */
  | { readonly outcome: "second-factor"; readonly uid: string }
  | { readonly outcome: "refused"; readonly why: "wrong-credentials" | "disabled" | "throttled" | "blocked" };

/** Passwords, where Firebase Authentication keeps them. */
export interface PasswordDirectory {
  /** @throws when Firebase does not answer, or something else */
  verify(email: string, password: string): Promise<PasswordVerdict>;
  /** A new account with a confirmed address. Undefined when the address has one already. */
  create(email: string, password: string): Promise<string | undefined>;
  /** Firebase revokes the account's refresh tokens with it. */
  setPassword(uid: string, password: string): Promise<void>;
  /** A confirmed address, in place of the old one. False when another account has it. */
  setAddress(uid: string, email: string): Promise<boolean>;
}

export interface IdentityToolkit {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  /** How Firebase's log will name the caller: tells our own requests from those of people. */
  readonly userAgent: (email: string) => Promise<string>;
}

/** Firebase's. `verify` asks the REST API, since the Admin SDK knows no passwords; bodies are never logged. */
export const firebasePasswordDirectory = (auth: () => Auth, toolkit: () => IdentityToolkit): PasswordDirectory => ({
  verify: async (email, password) => readVerdict(await signInWithPassword(toolkit(), email, password)),
  create: (email, password) =>
    auth()
      .createUser({ email, password, emailVerified: true })
      .then(({ uid }) => uid)
      .catch(unlessTaken(undefined)),
  setPassword: async (uid, password) => void (await auth().updateUser(uid, { password })),
  setAddress: (uid, email) =>
    auth()
      .updateUser(uid, { email, emailVerified: true })
      .then(() => true)
      .catch(unlessTaken(false)),
});

/** https://cloud.google.com/identity-platform/docs/reference/rest/v1/accounts/signInWithPassword */
const signInWithPassword = async (toolkit: IdentityToolkit, email: string, password: string): Promise<unknown> => {
  const response = await fetch(`${toolkit.endpoint}/v1/accounts:signInWithPassword`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": await toolkit.userAgent(email),
      "x-goog-api-key": toolkit.apiKey, // a query would be in logs along the way
    },
    body: JSON.stringify({ email, password, returnSecureToken: true }),
    redirect: "error",
    signal: AbortSignal.timeout(toolkit.timeoutMs),
  });
  return response.json();
};

const answer = z.object({
  localId: z.string().min(1),
  mfaPendingCredential: z.string().optional(),
  idToken: z.string().optional(),
});
const fault = z.object({ error: z.object({ message: z.string() }) });

const readVerdict = (body: unknown): PasswordVerdict => {
  const right = answer.safeParse(body);
  if (right.success) {
    const { localId: uid, mfaPendingCredential, idToken } = right.data;
    if (mfaPendingCredential !== undefined) return { outcome: "second-factor", uid };
    if (idToken !== undefined) return { outcome: "right", uid };
  }
  const message = fault.safeParse(body).data?.error.message ?? "";
  const why = Object.entries(REFUSALS).find(([start]) => message.startsWith(start))?.[1];
  // Only the message's first word: the rest may repeat what was sent.
  if (why === undefined)
    throw new Error(`Identity Toolkit answered ${/^[A-Z_]{1,60}/.exec(message)?.[0] ?? "something else"}`);
  return { outcome: "refused", why };
};

const REFUSALS = {
  INVALID_LOGIN_CREDENTIALS: "wrong-credentials",
  INVALID_PASSWORD: "wrong-credentials",
  EMAIL_NOT_FOUND: "wrong-credentials",
  INVALID_EMAIL: "wrong-credentials",
  USER_DISABLED: "disabled",
  TOO_MANY_ATTEMPTS_TRY_LATER: "throttled",
  BLOCKING_FUNCTION_ERROR_RESPONSE: "blocked", // our own `beforesignin` refused: a blocked or closed account
} as const;

const unlessTaken =
  <Answer>(taken: Answer) =>
  (error: unknown): Answer => {
    if ((error as { code?: string }).code === "auth/email-already-exists") return taken;
    throw error;
  };

/** For tests: accounts by address. */
export interface MemoryPassword {
  readonly uid: string;
  password: string;
  readonly disabled?: boolean;
  readonly secondFactor?: boolean;
}

export const memoryPasswordDirectory = (accounts = new Map<string, MemoryPassword>()): PasswordDirectory => {
  const find = (uid: string) => [...accounts].find(([, account]) => account.uid === uid);
  return {
    verify: (email, password) => {
      const account = accounts.get(email);
      if (account?.password !== password) return Promise.resolve({ outcome: "refused", why: "wrong-credentials" });
      if (account.disabled === true) return Promise.resolve({ outcome: "refused", why: "disabled" });
      const outcome = account.secondFactor === true ? ("second-factor" as const) : ("right" as const);
      return Promise.resolve({ outcome, uid: account.uid });
    },
    create: (email, password) => {
      if (accounts.has(email)) return Promise.resolve(undefined);
      const uid = `uid-${String(accounts.size)}`;
      accounts.set(email, { uid, password });
      return Promise.resolve(uid);
    },
    setPassword: (uid, password) => {
      const [, account] = find(uid) ?? [];
      if (account !== undefined) account.password = password;
      return Promise.resolve();
    },
    setAddress: (uid, email) => {
      const [before, account] = find(uid) ?? [];
      if (before === undefined || account === undefined || (accounts.has(email) && before !== email))
        return Promise.resolve(false);
      accounts.delete(before);
      accounts.set(email, account);
      return Promise.resolve(true);
    },
  };
};
