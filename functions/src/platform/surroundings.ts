import { createHash } from "node:crypto";
import { networkPrefix } from "../kernel/network.js";
import type { Session } from "./session.js";

/** How a session keeps the browser it was last used with: 132 bits of the user agent's SHA-256, base64url. */
export const hashUserAgent = (userAgent: string): string =>
  createHash("sha256").update(userAgent, "utf8").digest("base64url").slice(0, 22);

/** Whether a call comes from where the session was last used: same network, same browser. */
export const isSamePlace = (session: Session, call: { readonly ip: string; readonly userAgent: string }): boolean =>
  networkPrefix(call.ip) === session.networkPrefix &&
  (session.uaHash === undefined || session.uaHash === hashUserAgent(call.userAgent));
