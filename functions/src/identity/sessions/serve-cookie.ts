import { config } from "../../config.js";
import type { DomainError } from "../../kernel/errors.js";
import { isDomainError } from "../../kernel/errors.js";
import type { Limit } from "../../kernel/limits.js";
import { networkPrefix } from "../../kernel/network.js";
import { MINUTE } from "../../kernel/time.js";
import { clientAddress } from "../../platform/client-address.js";
import { requestError } from "../../platform/errors.js";
import { describeError, log } from "../../platform/log.js";
import { sessionFault, type Session } from "../../platform/session.js";
import { identityError } from "../errors.js";
import { anyone } from "../schemas.js";
import type { CookieDeps } from "./cookie-deps.js";
import { spendDpopHeader } from "./dpop-header.js";
import { CLEARED, COOKIE, endByCookie, giveCookie, readCookie } from "./use-cookie.js";

/** A request as HTTP has it. Names of headers are in lower case. */
export interface CookieRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly ip?: string | undefined;
}

export interface CookieAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/**
 * The session of a server-rendered app, over plain HTTP (`/__firekeep/session`):
 * POST, by the page, with the ID token and the device key's proof: sets the cookie `__session`.
 * GET, by the app's server, with the visitor's cookie: who that is; hand a `Set-Cookie` of the answer on to the visitor.
 * DELETE, by the page or the server: ends the session and takes the cookie away.
 */
export const serveCookie = async (deps: CookieDeps, request: CookieRequest): Promise<CookieAnswer> => {
  const serve = METHODS[request.method];
  if (serve === undefined) return answer(405, { status: 405 }, { allow: Object.keys(METHODS).join(", ") });
  try {
    return await serve(deps, request);
  } catch (error) {
    const known = isDomainError(error) ? error : requestError("unavailable", { cause: error });
    log(isDomainError(error) ? "INFO" : "ERROR", "cookie refused", { code: known.code, ...describeError(known) });
    return refusal(known);
  }
};

type Serve = (deps: CookieDeps, request: CookieRequest) => Promise<CookieAnswer>;

// One app's servers ask for all its visitors, from a few addresses.
const reading: Limit = { permits: 6_000, perMs: MINUTE, by: "network", store: "instance", whenDown: "allow" };

const set: Serve = async (deps, request) => {
  await limit(deps, "cookie-set", anyone, request);
  requireOwnPage(deps, request, { originNeeded: true });
  await deps.verifyAppCheck(header(request, "x-firebase-appcheck") ?? "").catch((cause: unknown) => {
    throw identityError("app-rejected", { cause });
  });
  const token = /^Bearer ([\w.-]+)$/i.exec(header(request, "authorization") ?? "")?.[1];
  if (token === undefined) throw requestError("sign-in-required");
  const session = await sessionOf(deps, token);
  if (session.jkt !== undefined) {
    const proof = header(request, "dpop");
    await spendDpopHeader(deps, { proof, method: "POST", url: deps.url(), accessToken: token, jkt: session.jkt });
  }
  const cookie = await giveCookie(deps, session.sid);
  if (cookie === undefined) throw requestError("session-revoked");
  return answer(200, { expiresAt: session.absoluteExpiresAt }, { "set-cookie": cookie });
};

const read: Serve = async (deps, request) => {
  await limit(deps, "cookie-read", reading, request);
  // Servers send no such header; a page of another site has no business here, even though it could not see the answer.
  if (header(request, "sec-fetch-site") === "cross-site") throw identityError("origin-refused");
  const found = await readCookie(deps, cookieOf(request), { ip: addressOf(request), userAgent: "" });
  if (found === undefined) return answer(401, { status: 401 }, { "set-cookie": CLEARED });
  const { person, setCookie } = found;
  return answer(200, person, setCookie === undefined ? {} : { "set-cookie": setCookie });
};

const clear: Serve = async (deps, request) => {
  await limit(deps, "cookie-clear", anyone, request);
  requireOwnPage(deps, request, { originNeeded: false });
  await endByCookie(deps, cookieOf(request));
  return answer(200, { ended: true }, { "set-cookie": CLEARED });
};

const METHODS: Readonly<Record<string, Serve>> = { POST: set, GET: read, DELETE: clear };

const limit = (deps: CookieDeps, name: string, of: Limit, request: CookieRequest): Promise<void> =>
  deps.limiter(name, of, networkPrefix(addressOf(request)));

/**
 * Against forged requests from other sites: a header that no form can send, and what the browser itself says of where the
 * request comes from. Browsers name the origin with every POST and DELETE; an app's server names none.
 */
const requireOwnPage = (deps: CookieDeps, request: CookieRequest, by: { originNeeded: boolean }): void => {
  const origin = header(request, "origin");
  const site = header(request, "sec-fetch-site");
  const isOwnSite = site === undefined || site === "same-origin" || site === "same-site";
  const isListed = origin !== undefined && (origin === originOf(deps.url()) || deps.origins().includes(origin));
  const mayAsk = origin === undefined ? !by.originNeeded : isListed || site === "same-origin";
  if (header(request, "x-requested-with") === undefined || !isOwnSite || !mayAsk) throw identityError("origin-refused");
};

const originOf = (url: string): string => new URL(url).origin;

/** The live session that the ID token names, as it is now. */
const sessionOf = async (deps: CookieDeps, token: string): Promise<Session> => {
  const says = await deps.verifyIdToken(token).catch((cause: unknown) => {
    throw requestError("sign-in-required", { cause });
  });
  if (says.sid === undefined || !/^[\w-]{22}$/.test(says.sid)) throw requestError("session-missing");
  const session = await deps.sessions.find(says.sid);
  const fault = sessionFault(session, says.uid, deps.clock());
  if (session === undefined || fault !== undefined) throw requestError(fault ?? "session-missing");
  if (session.tenant !== says.tenant) throw requestError("session-missing");
  return session;
};

// Two of one name: somebody tossed one in from a neighbouring host, and which is whose cannot be told.
const cookieOf = (request: CookieRequest): string => {
  const pairs = (header(request, "cookie") ?? "").split(";").map((pair) => pair.trim());
  const values = pairs.filter((pair) => pair.startsWith(`${COOKIE}=`)).map((pair) => pair.slice(COOKIE.length + 1));
  return values.length === 1 ? (values[0] ?? "") : "";
};

// A header that came twice is nobody's word.
const header = (request: CookieRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
};

const addressOf = (request: CookieRequest): string =>
  clientAddress(header(request, "x-forwarded-for"), request.ip, config.functions.trustedProxies);

const STATUSES: Readonly<Partial<Record<DomainError["status"], number>>> = {
  unauthenticated: 401,
  "permission-denied": 403,
  "invalid-argument": 400,
  "resource-exhausted": 429,
  unavailable: 503,
  aborted: 409,
};

const refusal = ({ status, code, message, details }: DomainError): CookieAnswer => {
  const http = STATUSES[status] ?? 503;
  return answer(http, { status: http, code, message, ...details });
};

const answer = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): CookieAnswer => ({
  status,
  body,
  headers: {
    "cache-control": "private, no-store",
    vary: "Cookie",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    ...headers,
  },
});
