import { onRequest } from "firebase-functions/v2/https";
import { config } from "../../config.js";
import { describeError, log } from "../../platform/log.js";
import type * as RelyingParty from "../passkeys/relying-party.js";
import type * as SignalDeps from "../signals/deps.js";
import type * as Keys from "../signals/publish-keys.js";

/* eslint-disable @typescript-eslint/no-require-imports -- code loads with the first request, and stays in one module system */
const signals = () => (require("../signals/deps.js") as typeof SignalDeps).signalDeps();
const keySets = () => require("../signals/publish-keys.js") as typeof Keys;
const relyingParties = () => require("../passkeys/relying-party.js") as typeof RelyingParty;
/* eslint-enable @typescript-eslint/no-require-imports */

const options = { region: config.functions.region, serviceAccount: "fn-identity@", cors: true };

/** A public document that Hosting serves under `/.well-known/`; 404 where there is none. */
const document = (read: () => Promise<object | undefined> | object | undefined) =>
  onRequest(options, async (request, response) => {
    if (request.method !== "GET") return void response.status(405).json({ status: 405 });
    try {
      const found = await read();
      response.set({ "cache-control": "public, max-age=3600", "x-content-type-options": "nosniff" });
      response.status(found === undefined ? 404 : 200).json(found ?? { status: 404 });
    } catch (error) {
      log("ERROR", "a public document could not be made", { ...describeError(error) });
      response.set({ "cache-control": "no-store" }).status(503).json({ status: 503 });
    }
  });

/** `jwks.json`: what receivers verify security event tokens with. */
export const keys = document(() => keySets().keySet(signals()));

/** `ssf-configuration`: where receivers find the rest. */
export const configuration = document(() => {
  const issuer = signals().issuer();
  return issuer === undefined ? undefined : keySets().transmitterConfiguration(issuer);
});

/** `webauthn`: origins beside the relying party's own domain whose pages may use its passkeys. */
export const webauthn = document(() => relyingParties().relatedOrigins(relyingParties().relyingParty()));
