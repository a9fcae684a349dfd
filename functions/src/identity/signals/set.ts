import { createHash } from "node:crypto";
import { encodeTuple } from "../../kernel/bytes.js";
import type { EventMessage } from "../../kernel/event.js";
import { SECOND, type EpochMs } from "../../kernel/time.js";
import { caepUri, type CaepClaims } from "./caep.js";

/** Claims of a Security Event Token: RFC 8417 §2.2, with the subject as OpenID SSF 1.0 §3 puts it. */
export interface SetClaims {
  readonly iss: string;
  readonly jti: string;
  readonly iat: number;
  readonly aud: string;
  readonly sub_id?: object;
  readonly events: Readonly<Record<string, object>>;
}

/** One id for an event and a receiver, so that a message delivered twice makes one token. */
export const setId = (eventId: string, receiverId: string): string =>
  createHash("sha256")
    .update(encodeTuple([eventId, receiverId]))
    .digest("base64url");

/** The token of one event for one receiver. It names the account, and the session when the event is about one. */
export const setOf = (from: {
  readonly jti: string;
  readonly issuer: string;
  readonly projectId: string;
  readonly audience: string;
  readonly message: EventMessage;
  readonly caep: CaepClaims;
  readonly at: EpochMs;
}): SetClaims => {
  const { jti, issuer, projectId, audience, message, caep, at } = from;
  const user = { format: "iss_sub", iss: `https://securetoken.google.com/${projectId}`, sub: message.subject };
  const { session } = message;
  const subject =
    session === undefined ? user : { format: "complex", user, session: { format: "opaque", id: session } };
  return {
    iss: issuer,
    jti,
    iat: Math.floor(at / SECOND),
    aud: audience,
    sub_id: subject,
    events: { [caepUri(caep.event)]: caep.claims },
  };
};

/** What a receiver is sent when somebody wants to see whether it listens. SSF 1.0 §8.1.4. */
export const verificationOf = (from: {
  jti: string;
  issuer: string;
  audience: string;
  receiver: string;
  at: EpochMs;
}): SetClaims => ({
  iss: from.issuer,
  jti: from.jti,
  iat: Math.floor(from.at / SECOND),
  aud: from.audience,
  sub_id: { format: "opaque", id: from.receiver },
  events: { "https://schemas.openid.net/secevent/ssf/event-type/verification": { state: from.jti } },
});
