import type { EpochMs } from "../kernel/time.js";
import type { Verdict } from "./assess-sign-in.js";
import { deviceName } from "./device.js";
import type { ProfileStore } from "./profile-store.js";

/** A verdict is enough; `at` is when the sign-in was made. */
export type LearnedFacts = Pick<Verdict, "country" | "asn" | "browser" | "os" | "decisionId"> & {
  readonly at: EpochMs;
};

/** Adds a sign-in that stood to what is usual for the account. Never call it for one that was refused or is still in doubt. */
export const learn = (deps: { readonly profiles: ProfileStore }, uid: string, facts: LearnedFacts): Promise<void> =>
  deps.profiles.add(uid, {
    at: facts.at,
    country: facts.country,
    asn: facts.asn,
    device: deviceName(facts),
    decisionId: facts.decisionId,
  });
