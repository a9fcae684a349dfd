export { createFirekeep, type CallId, type Firekeep, type Input, type Output, type StepUp } from "./firekeep.ts";
export { FirekeepError, isFirekeepError } from "./error.ts";
export { signInWithPassword, signOutOfSession, type SignedIn } from "./sign-in.ts";
export { withStepUp, type AskForCode } from "./step-up.ts";
