import { measureFactors } from "./identity/factors.ts";
import { measureGate } from "./identity/gate.ts";
import { countOperations } from "./identity/operations.ts";
import type { Report } from "./harness/report.ts";

/**
 * What identity costs: the gate without its network, beside the verification of an ID token that every callable pays anyway;
 * a passkey and a code beside the libraries alone; and Firestore's reads and writes of every kind of call, counted on the
 * wire to the emulator, beside what the design allows (a budget, not a peer that runs).
 */
export const run = async (): Promise<Report> => ({
  name: "identity",
  metrics: { ...(await measureGate()), ...(await measureFactors()), ...(await countOperations()) },
});
