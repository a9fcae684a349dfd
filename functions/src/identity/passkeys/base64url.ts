import { refuse } from "./refusal.js";

/** The octets, when this is the one way to write them: base64url, no padding, no stray bits in the last letter (RFC 4648 §3.5). */
export const octetsOf = (text: string): Buffer => {
  const octets = Buffer.from(text, "base64url");
  if (octets.toString("base64url") !== text) throw refuse("encoding");
  return octets;
};
