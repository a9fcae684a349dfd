import { config, requireVariable } from "../../config.js";
import { lazy } from "../../kernel/lazy.js";
import { app, auth, firestore } from "../../platform/app.js";
import { firestoreNonceStore } from "../../platform/nonce-store.firestore.js";
import type { NonceStore } from "../../platform/nonce-store.js";
import { firestorePermitStore } from "../../platform/permit-store.firestore.js";
import { rateLimiter, type RateLimiter } from "../../platform/rate-limit.js";
import { adminAppCheckSdk } from "../../platform/sdk.js";
import { deps, type IdentityDeps } from "../deps.js";

/** What an ID token says of its sign-in. */
export interface TokenSays {
  readonly uid: string;
  readonly sid?: string;
  readonly tenant?: string;
}

export interface CookieDeps extends Pick<IdentityDeps, "sessions" | "record" | "notify" | "clock" | "random"> {
  /** @throws when the token is not Google's, not of this project, or over */
  readonly verifyIdToken: (token: string) => Promise<TokenSays>;
  /** @throws when the token is not of an app of this project */
  readonly verifyAppCheck: (token: string) => Promise<unknown>;
  readonly nonces: NonceStore;
  readonly limiter: RateLimiter;
  /** Where clients reach the function: what a proof names. */
  readonly url: () => string;
  /** Origins that may ask beside the function's own. */
  readonly origins: () => readonly string[];
}

export const cookieDeps = lazy((): CookieDeps => {
  const all = deps();
  return {
    ...all,
    verifyIdToken: async (token) => {
      const { uid, firebase, ["sid"]: sid } = await auth().verifyIdToken(token);
      const { tenant } = firebase;
      return { uid, ...(typeof sid === "string" && { sid }), ...(tenant !== undefined && { tenant }) };
    },
    verifyAppCheck: (token) => adminAppCheckSdk().getAppCheck(app()).verifyToken(token),
    nonces: firestoreNonceStore(firestore),
    limiter: rateLimiter({ permits: firestorePermitStore(firestore), clock: all.clock }),
    url: () => `${requireVariable("FIREKEEP_PUBLIC_URL")}/identity-cookie-serve`,
    origins: () => (Array.isArray(config.functions.cors) ? config.functions.cors : []),
  };
});
