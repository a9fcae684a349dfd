import { getToken, type AppCheck } from "firebase/app-check";
import { findDeviceKey } from "./device-key.ts";
import { proveRequest } from "./device-proof.ts";
import { FirekeepError } from "./error.ts";
import type { SignInDeps } from "./sign-in.ts";

/** Where the endpoint of the `__session` cookie is. */
export interface CookieEndpoint {
  /** Its canonical address, which the proof names: `<FIREKEEP_PUBLIC_URL>/identity-cookie-serve`. */
  readonly canonical: string;
  /** Its path on the app's own origin, by a Hosting rewrite. Default `/__firekeep/session`. */
  readonly path?: string;
  readonly appCheck: AppCheck;
}

/**
 * Lets the app's own server know who visits: has the `__session` cookie set for the session of this sign-in. Scripts cannot
 * read it. Answers until when it is good, epoch milliseconds.
 *
 * @throws FirekeepError
 */
export const openServerSession = async (
  { auth, firekeep }: SignInDeps,
  { canonical, path = DEFAULT_PATH, appCheck }: CookieEndpoint,
): Promise<number> => {
  const token = (await auth.currentUser?.getIdToken()) ?? "";
  const key = await findDeviceKey(firekeep.device);
  const proof = key && (await proveRequest(key, { method: "POST", url: canonical, token, now: Date.now() }));
  const response = await fetch(path, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "x-requested-with": "firekeep",
      "x-firebase-appcheck": (await getToken(appCheck)).token,
      ...(proof !== undefined && { dpop: proof }),
    },
  });
  return ((await answerOf(response)) as { expiresAt: number }).expiresAt;
};

/** Ends the session and takes the cookie away, also where no page of the app is signed in any more. */
export const closeServerSession = async (path = DEFAULT_PATH): Promise<void> => {
  await answerOf(await fetch(path, { method: "DELETE", headers: { "x-requested-with": "firekeep" } }));
};

const DEFAULT_PATH = "/__firekeep/session";

const answerOf = async (response: Response): Promise<unknown> => {
  const body = (await response.json()) as { code?: string; message?: string };
  if (response.ok) return body;
  throw new FirekeepError(body.code ?? "unknown", body.message ?? "The request failed.", {}, undefined);
};
