import { defineErrors } from "../kernel/errors.js";

/** What identity answers. None of the sentences says whether an account exists. */
export const identityError = defineErrors("identity", {
  "address-refused": ["invalid-argument", "Sign up with a lasting e-mail address: disposable ones are not accepted."],
  "sign-in-refused": [
    "permission-denied",
    "This sign-in was refused. Try again later, or from a device you have used before.",
  ],
  "sign-in-stale": ["unauthenticated", "This sign-in is too old to start a session. Sign in again."],
  "session-taken": ["unauthenticated", "This sign-in cannot start a session. Sign in again."],
  "session-ended": ["unauthenticated", "This session was ended. Sign in again."],
  "session-unknown": ["not-found", "You have no such session."],
  "session-risky": [
    "permission-denied",
    "This sign-in looks unusual. Set up second factors from a device you have used before.",
  ],
  "code-malformed": ["invalid-argument", "The code does not have the right form."],
  "code-rejected": ["permission-denied", "The code is wrong, has expired or was used before."],
  "too-many-attempts": ["resource-exhausted", "Too many wrong codes. Try again later."],
  "factor-disabled": [
    "failed-precondition",
    "The authenticator app was disabled after too many wrong codes. Use a backup code.",
  ],
  "factor-missing": ["failed-precondition", "There is no authenticator app to change."],
  "enrolment-missing": ["failed-precondition", "Start setting up the authenticator app again."],
  busy: ["aborted", "Something else changed at the same moment. Try again."],
});
