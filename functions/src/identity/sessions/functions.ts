import { onRequest, type HttpsOptions } from "firebase-functions/v2/https";
import { config } from "../../config.js";
import type * as Deps from "./cookie-deps.js";
import type * as Serve from "./serve-cookie.js";

/* eslint-disable @typescript-eslint/no-require-imports -- code loads with the first request, and stays in one module system */
const deps = () => (require("./cookie-deps.js") as typeof Deps).cookieDeps();
const serveCookie = () => (require("./serve-cookie.js") as typeof Serve).serveCookie;
/* eslint-enable @typescript-eslint/no-require-imports */

// No cross-origin answers: pages reach it on their own origin, by the rewrite of Hosting.
const options: HttpsOptions = {
  region: config.functions.region,
  serviceAccount: "fn-identity@",
  ingressSettings: config.functions.ingress,
  cors: false,
};

/** `identity-cookie-serve`: the session of server-rendered apps. Hosting serves it under `/__firekeep/session`. */
export const serve = onRequest(options, async ({ method, headers, ip }, response) => {
  const { status, headers: fields, body } = await serveCookie()(deps(), { method, headers, ip });
  response.status(status).set(fields).json(body);
});
