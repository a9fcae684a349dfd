/** Where an address is, as far as public tables tell. Coarse on purpose: country and network, never a city. */
export interface Place {
  /** ISO 3166-1 alpha-2; `ZZ` when unknown (private, unrouted or not in the tables). */
  readonly country: string;
  /** Autonomous system number; 0 when unknown. */
  readonly asn: number;
  /** Its operator, up to 32 characters; empty when unknown. */
  readonly asnName: string;
}

export const UNKNOWN_PLACE: Place = { country: "ZZ", asn: 0, asnName: "" };
