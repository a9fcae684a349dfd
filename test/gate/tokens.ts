import { PROJECT } from "./environment.ts";
import { newKey, type Claims } from "./jwt.ts";

/** What Google signs ID tokens and App Check tokens with. Two keys: one must not do for the other. */
export const authKey = newKey("auth-1");
export const appCheckKey = newKey("app-check-1");

const HOUR = 3_600;
export const seconds = (): number => Math.floor(Date.now() / 1000);

/** https://firebase.google.com/docs/auth/admin/verify-id-tokens: what an ID token says. */
export const idClaims = (over: Claims = {}): Claims => ({
  iss: `https://securetoken.google.com/${PROJECT}`,
  aud: PROJECT,
  auth_time: seconds(),
  iat: seconds(),
  exp: seconds() + HOUR,
  sub: "ann",
  user_id: "ann",
  firebase: { identities: {}, sign_in_provider: "password" },
  ...over,
});

/** https://firebase.google.com/docs/app-check/custom-resource-backend: what an App Check token says. */
export const appCheckClaims = (over: Claims = {}): Claims => ({
  iss: "https://firebaseappcheck.googleapis.com/1234567890",
  aud: ["projects/1234567890", `projects/${PROJECT}`],
  sub: "1:1234567890:web:0123456789abcdef",
  iat: seconds(),
  exp: seconds() + HOUR,
  ...over,
});
