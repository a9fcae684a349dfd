import { config, projectId, readVariable, requireVariable } from "../../config.js";
import type * as Detection from "../../detection/index.js";
import { lazy } from "../../kernel/lazy.js";
import { systemClock, type EpochMs } from "../../kernel/time.js";
import { auth, firestore } from "../../platform/app.js";
import type { Challenge } from "../challenges/challenge-store.js";
import { checkCode } from "../codes/check-code.js";
import { codeDeps } from "../codes/deps.js";
import { sendCode } from "../codes/send-code.js";
import { deps, type IdentityDeps } from "../deps.js";
import { firestoreAttemptStore } from "./attempt-store.firestore.js";
import type { AttemptStore } from "./attempt-store.js";
import { findBreach, type BreachVerdict } from "./breach-range.js";
import { isCommonPassword } from "./common-passwords.js";
import { firebasePasswordDirectory, type PasswordDirectory } from "./password-directory.js";

/** A code to an address that nobody has: whoever has it is told so instead, and the caller cannot see which. */
export interface CodeToNewAddress {
  readonly purpose: string;
  /** What the limit is counted by, beside the address. */
  readonly place: string;
  readonly address: string;
  readonly when: "no-account";
  readonly uid?: string;
  readonly sid?: string;
  readonly facts: Challenge["facts"];
  readonly lifeMs: number;
}

/** What passwords work with, beside the rest of identity. */
export interface PasswordDeps extends IdentityDeps {
  readonly passwords: PasswordDirectory;
  readonly attempts: AttemptStore;
  readonly codes: {
    /** @throws identity/code-too-soon */
    send(code: CodeToNewAddress): Promise<{ readonly challenge: string; readonly expiresAt: EpochMs }>;
    /** The challenge, once. @throws identity/code-rejected whatever is wrong with it */
    check(answer: {
      readonly challenge: string;
      readonly code: string;
      readonly purpose: string;
      readonly uid?: string;
      readonly sid?: string;
    }): Promise<Challenge>;
  };
  readonly findBreach: (password: string) => Promise<BreachVerdict>;
  readonly isCommon: (password: string) => boolean;
  /** Texts whose words no password may be built on, beside the person's address. */
  readonly context: () => readonly string[];
  /** Whether the proxy is switched on and set up. */
  readonly proxyOn: () => boolean;
  /** The beat at which answers leave that must tell nothing by their time. */
  readonly answerEveryMs: number;
  readonly sleep: (ms: number) => Promise<void>;
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- only a password that is checked needs the neighbour
const detection = () => require("../../detection/index.js") as typeof Detection;

export const passwordDeps = lazy((): PasswordDeps => ({
  ...deps(),
  passwords: firebasePasswordDirectory(auth, () => ({
    endpoint: readVariable("FIREKEEP_IDENTITY_ENDPOINT") ?? "https://identitytoolkit.googleapis.com",
    apiKey: requireVariable("FIREKEEP_WEB_API_KEY"),
    timeoutMs: config.passwords.timeoutMs,
    userAgent: (email) => detection().signProxyAgent(email, systemClock()),
  })),
  attempts: firestoreAttemptStore(firestore),
  codes: {
    send: (code) => sendCode(codeDeps(), code),
    check: (answer) => checkCode(codeDeps(), answer),
  },
  findBreach: (password) =>
    findBreach({ baseUrl: readVariable("FIREKEEP_BREACH_URL"), ...config.passwords.breach }, password),
  isCommon: isCommonPassword,
  context: () => [projectId(), config.totp.issuer, ...config.passwords.bannedWords],
  proxyOn: () => config.passwords.proxy && readVariable("FIREKEEP_WEB_API_KEY") !== undefined,
  answerEveryMs: config.passwords.answerEveryMs,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}));
