import type { Caller } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";
import { beginSession, type StartedSession } from "./begin-session.js";
import { signInOf, type Binding } from "./sign-in.js";

export type { StartedSession } from "./begin-session.js";

/** Makes the session of a sign-in that Firebase checked. Errors: those of `beginSession`. */
export const startSession = async (
  deps: IdentityDeps,
  caller: Caller,
  device: { name: string },
  binding?: Binding,
): Promise<StartedSession> => beginSession(deps, signInOf(caller, { device, binding }));
