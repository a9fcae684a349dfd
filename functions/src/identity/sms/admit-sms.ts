import type { AuthBlockingEvent } from "firebase-functions/v2/identity";
import { config } from "../../config.js";
import type { Limit } from "../../kernel/limits.js";
import { networkPrefix } from "../../kernel/network.js";
import { HOUR } from "../../kernel/time.js";
import type { RateLimiter } from "../../platform/rate-limit.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { rangeOf } from "./phone-number.js";

export interface SmsDeps extends Pick<IdentityDeps, "encryption" | "record"> {
  readonly limiter: RateLimiter;
}

type SmsEvent = Pick<AuthBlockingEvent, "ipAddress" | "userAgent" | "smsType" | "additionalUserInfo">;
type Use = "sign-up" | "second-factor";

/**
 * Before Identity Platform sends a message: refuses numbers outside the allowed regions, and whatever is above the budgets of
 * the caller's network, the number's range and the project. Second factors, which a password came before, have budgets of
 * their own: a flood of sign-ups leaves them be. Refuses when the budgets cannot be read. Numbers are neither kept nor logged.
 *
 * @throws identity/sms-refused, request/unavailable
 */
export const admitSms = async (deps: SmsDeps, event: SmsEvent): Promise<void> => {
  const use: Use = event.smsType?.startsWith("MULTI_FACTOR") === true ? "second-factor" : "sign-up";
  const { regions, prefixDrops: drops, perHour } = config.sms;
  const range = rangeOf(event.additionalUserInfo?.phoneNumber ?? "", { regions, drops });
  if (range === undefined) throw await refused(deps, event, { use, cause: "region" });
  // The caller's own budget first and the project's last: who is refused spends nothing of the others'.
  const budgets = [
    { cause: "network", permits: perHour.network, who: networkPrefix(event.ipAddress) },
    { cause: "prefix", permits: perHour.prefix, who: await hashOf(deps, range.prefix) },
    { cause: "project", permits: perHour.project[use], who: "" },
  ];
  for (const { cause, permits, who } of budgets) {
    try {
      await deps.limiter(`sms.${cause}.${use}`, perHourly(permits), who);
    } catch (error) {
      if ((error as { code?: string }).code !== "request/too-many") throw error;
      throw await refused(deps, event, { use, cause, region: range.region });
    }
  }
};

const perHourly = (permits: number): Limit => ({
  permits,
  perMs: HOUR,
  by: "network",
  store: "shared",
  whenDown: "refuse",
});

const hashOf = async ({ encryption }: SmsDeps, prefix: string): Promise<string> =>
  Buffer.from(await encryption.keyedHash("identity.sms", prefix)).toString("base64url");

const refused = async (
  deps: SmsDeps,
  { ipAddress, userAgent }: SmsEvent,
  detail: { use: Use; cause: string; region?: string },
) => {
  await deps.record({
    type: identityEvent["sms-refused"],
    outcome: "failure",
    ip: ipAddress,
    userAgent,
    detail,
  });
  return identityError("sms-refused");
};
