import { initializeApp } from "firebase/app";
import { CustomProvider, initializeAppCheck, ReCaptchaEnterpriseProvider } from "firebase/app-check";
import { browserLocalPersistence, connectAuthEmulator, initializeAuth, type Auth } from "firebase/auth";
import { connectFirestoreEmulator, getFirestore, type Firestore } from "firebase/firestore";
import { connectFunctionsEmulator, getFunctions } from "firebase/functions";
import { createFirekeep, type Firekeep } from "../../client/src/index.ts";
import type { ConsoleConfig } from "./config.ts";

/** Everything the pages talk to. */
export interface Backend {
  readonly auth: Auth;
  readonly firestore: Firestore;
  readonly firekeep: Firekeep;
}

export const connect = (config: ConsoleConfig): Backend => {
  const app = initializeApp({ appId: "1:1:web:1", ...config.firebase });
  initializeAppCheck(app, { provider: appCheckProvider(config), isTokenAutoRefreshEnabled: true });
  const auth = initializeAuth(app, { persistence: browserLocalPersistence });
  const firestore = getFirestore(app);
  const functions = getFunctions(app, config.region);
  if (config.emulators !== undefined) {
    connectAuthEmulator(auth, config.emulators.auth, { disableWarnings: true });
    connectFirestoreEmulator(firestore, ...hostAndPort(config.emulators.firestore));
    connectFunctionsEmulator(functions, ...hostAndPort(config.emulators.functions));
  }
  return { auth, firestore, firekeep: createFirekeep(functions) };
};

// Without a site key there is nothing to attest with: the placeholder is refused wherever App Check is enforced for real.
const appCheckProvider = (config: ConsoleConfig) =>
  config.appCheckSiteKey === undefined
    ? new CustomProvider({
        getToken: () => Promise.resolve({ token: "none", expireTimeMillis: Date.now() + 3_600_000 }),
      })
    : new ReCaptchaEnterpriseProvider(config.appCheckSiteKey);

const hostAndPort = (url: string): [string, number] => {
  const { hostname, port } = new URL(url);
  return [hostname, Number(port)];
};
