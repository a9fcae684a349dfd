import { config } from "../../config.js";
import { canonicalJson } from "../../kernel/canonical-json.js";
import { networkPrefix } from "../../kernel/network.js";
import type { Visitor } from "../../platform/secure-call.js";
import { identityError } from "../errors.js";
import type { AttemptLimits } from "../factors/attempts.js";
import type { PasswordDeps } from "./deps.js";

type Deps = Pick<PasswordDeps, "attempts" | "encryption" | "devices" | "clock">;

interface Counted {
  readonly key: string;
  readonly limits: AttemptLimits;
  /** What a right password does to it: forget all, or take back only this one. */
  readonly whenRight: "clear" | "give-back";
}

/** Attempts that were spent for one guess. */
export type SpentGuess = readonly Counted[];

/**
 * Spends an attempt of everybody concerned before a password is looked at. The network comes first and the account last: who is
 * stopped by the one spends nothing of the other, so that one network's flood does not slow the owner down elsewhere. A device
 * that the account trusts is counted by itself: strangers who share its network, or guess from everywhere, do not stop it.
 * Addresses without an account are counted the same.
 *
 * @throws identity/too-many-passwords with `retryAfterMs`
 */
export const spendGuess = async (
  deps: Deps,
  guess: { readonly address: string; readonly uid: string | undefined; readonly visitor: Visitor },
): Promise<SpentGuess> => {
  const spent: Counted[] = [];
  for (const counted of await subjectsOf(deps, guess)) {
    const verdict = await deps.attempts.spend(counted.key, counted.limits, deps.clock());
    if (!verdict.ok) {
      const retryAfterMs = verdict.why === "wait" ? verdict.retryAfterMs : counted.limits.maxPauseMs;
      throw identityError("too-many-passwords", { details: { retryAfterMs } });
    }
    spent.push(counted);
  }
  return spent;
};

/** The password was right. */
export const settleGuess = async (deps: Deps, spent: SpentGuess): Promise<void> => {
  await Promise.all(
    spent.map(({ key, whenRight }) => (whenRight === "clear" ? deps.attempts.clear(key) : deps.attempts.giveBack(key))),
  );
};

/** Nobody looked at the password. */
export const returnGuess = async (deps: Deps, spent: SpentGuess): Promise<void> => {
  await Promise.all(spent.map(({ key }) => deps.attempts.giveBack(key)));
};

const subjectsOf = async (
  deps: Deps,
  { address, uid, visitor }: { address: string; uid: string | undefined; visitor: Visitor },
): Promise<Counted[]> => {
  const { pair, network, account } = config.passwords.attempts;
  const from = networkPrefix(visitor.ip);
  const jkt = visitor.device?.jkt;
  if (uid !== undefined && jkt !== undefined && (await deps.devices.isTrusted(uid, jkt, deps.clock())))
    return [{ key: await keyOf(deps, ["device", address, jkt]), limits: pair, whenRight: "clear" }];
  return [
    { key: await keyOf(deps, ["network", from]), limits: network, whenRight: "give-back" },
    { key: await keyOf(deps, ["pair", address, from]), limits: pair, whenRight: "clear" },
    { key: await keyOf(deps, ["account", address]), limits: account, whenRight: "clear" },
  ];
};

// Keyed: whoever reads the collection cannot try addresses.
const keyOf = async ({ encryption }: Deps, parts: readonly string[]): Promise<string> =>
  Buffer.from(await encryption.keyedHash("identity.attempts", canonicalJson(parts))).toString("base64url");
