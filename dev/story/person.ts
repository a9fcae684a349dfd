import { deleteApp, initializeApp, type FirebaseApp } from "firebase/app";
import { CustomProvider, initializeAppCheck, type AppCheck } from "firebase/app-check";
import { connectAuthEmulator, getAuth, type Auth } from "firebase/auth";
import { connectFunctionsEmulator, getFunctions } from "firebase/functions";
import {
  createFirekeep,
  type CallId,
  type Firekeep,
  type Input,
  type Output,
  type StepUp,
} from "../../client/src/index.ts";
import type { Suite } from "../suite/index.ts";
import { callingFrom, type Whereabouts } from "./whereabouts.ts";

/** Somebody with the app open: a Firebase app of their own, somewhere in the world. */
export interface Person {
  readonly email: string;
  readonly password: string;
  readonly auth: Auth;
  readonly appCheck: AppCheck;
  readonly firekeep: Firekeep;
  readonly place: Whereabouts;
  readonly call: <Id extends CallId>(id: Id, input: Input<Id>, stepUp?: StepUp) => Promise<Output<Id>>;
  /** Runs anything of the SDK from this person's place. */
  readonly act: <Result>(action: () => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<void>;
}

export const makePerson = (
  suite: Pick<Suite, "project" | "region" | "urls" | "ports">,
  who: { name: string; email: string; password: string; place: Whereabouts },
): Person => {
  const app = initializeApp(
    { apiKey: "demo", projectId: suite.project, appId: "1:1:web:1" },
    `${who.name}-${String(Date.now())}`,
  );
  // The emulator accepts any App Check token and refuses its absence; production verifies it.
  const appCheck = initializeAppCheck(app, { provider: new CustomProvider({ getToken: appCheckToken }) });
  const auth = getAuth(app);
  connectAuthEmulator(auth, suite.urls.auth, { disableWarnings: true });
  const functions = getFunctions(app, suite.region);
  connectFunctionsEmulator(functions, "127.0.0.1", suite.ports.functions);
  const firekeep = createFirekeep(functions);
  const act = <Result>(action: () => Promise<Result>) => callingFrom(who.place, action);
  return {
    email: who.email,
    password: who.password,
    place: who.place,
    auth,
    appCheck,
    firekeep,
    act,
    call: (id, input, stepUp) => act(() => firekeep.call(id, input, stepUp === undefined ? {} : { stepUp })),
    close: () => closeApp(app),
  };
};

const appCheckToken = () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(Date.now() / 1000);
  return Promise.resolve({
    token: `${part({ alg: "none" })}.${part({ sub: "demo", iat, exp: iat + 3600 })}.demo`,
    expireTimeMillis: (iat + 3600) * 1000,
  });
};

const closeApp = (app: FirebaseApp): Promise<void> => deleteApp(app);
