import { initializeApp, type FirebaseApp } from "firebase/app";
import { CustomProvider, initializeAppCheck, ReCaptchaEnterpriseProvider, type AppCheck } from "firebase/app-check";
import { browserLocalPersistence, connectAuthEmulator, initializeAuth, type Auth } from "firebase/auth";
import { connectFunctionsEmulator, getFunctions } from "firebase/functions";
import { createFirekeep, type Firekeep } from "../../client/src/index.ts";
import type { ConsoleConfig } from "./config.ts";

/** Everything the pages talk to. */
export interface Backend {
  readonly app: FirebaseApp;
  readonly appCheck: AppCheck;
  readonly auth: Auth;
  readonly firekeep: Firekeep;
  readonly config: ConsoleConfig;
}

export const connect = (config: ConsoleConfig): Backend => {
  const app = initializeApp({ appId: "1:1:web:1", ...config.firebase });
  const appCheck = initializeAppCheck(app, { provider: appCheckProvider(config), isTokenAutoRefreshEnabled: true });
  const auth = initializeAuth(app, { persistence: browserLocalPersistence });
  const functions = getFunctions(app, config.region);
  if (config.emulators !== undefined) {
    connectAuthEmulator(auth, config.emulators.auth, { disableWarnings: true });
    connectFunctionsEmulator(functions, ...hostAndPort(config.emulators.functions));
  }
  return { app, appCheck, auth, firekeep: createFirekeep(functions), config };
};

/** Where the HTTPS functions are. */
export const functionsUrl = ({ firebase: { projectId }, region, emulators }: ConsoleConfig): string =>
  emulators === undefined
    ? `https://${region}-${projectId}.cloudfunctions.net`
    : `${emulators.functions}/${projectId}/${region}`;

// Without a site key there is nothing to attest with: the placeholder is refused wherever App Check is enforced for real.
const appCheckProvider = (config: ConsoleConfig) =>
  config.appCheckSiteKey === undefined
    ? new CustomProvider({
        getToken: () => Promise.resolve({ token: "none", expireTimeMillis: Date.now() + 3_600_000 }),
      })
    : new ReCaptchaEnterpriseProvider(config.appCheckSiteKey);

export const hostAndPort = (url: string): [string, number] => {
  const { hostname, port } = new URL(url);
  return [hostname, Number(port)];
};
