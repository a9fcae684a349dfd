import { beforeSmsSent, beforeUserCreated, beforeUserSignedIn, HttpsError } from "firebase-functions/v2/identity";
import { config } from "../config.js";
import { DomainError } from "../kernel/errors.js";
import { requestError } from "../platform/errors.js";
import { describeError, log } from "../platform/log.js";
import { lazily, secureCalls } from "../platform/secure-call.js";
import { admitSignIn, admitSignUp } from "./accounts/admit-account.js";
import { addressesApi } from "./addresses/api.js";
import { devicesApi } from "./devices/api.js";
import type * as DevicesCalls from "./devices/calls.js";
import { recoveryApi } from "./recovery/api.js";
import type * as RecoveryCalls from "./recovery/calls.js";
import * as recoveryJobs from "./recovery/functions.js";
import type * as AddressesCalls from "./addresses/calls.js";
import { identityApi } from "./api.js";
import { codesApi } from "./codes/api.js";
import type * as CodesCalls from "./codes/calls.js";
import type * as Deps from "./deps.js";
import { factorsApi } from "./factors/api.js";
import type * as FactorsCalls from "./factors/calls.js";
import { noticesApi } from "./notices/api.js";
import type * as NoticesCalls from "./notices/calls.js";
import * as notices from "./notices/functions.js";
import { passwordsApi } from "./passwords/api.js";
import type * as PasswordsCalls from "./passwords/calls.js";
import { admitSms } from "./sms/admit-sms.js";
import type * as SmsDeps from "./sms/deps.js";
import { signalsApi } from "./signals/api.js";
import type * as SignalsCalls from "./signals/calls.js";
import * as signals from "./signals/functions.js";
import * as wellknownDocuments from "./wellknown/functions.js";
import { rolesApi } from "./roles/api.js";
import type * as RolesCalls from "./roles/calls.js";
import { passkeysApi } from "./passkeys/api.js";
import type * as PasskeysCalls from "./passkeys/calls.js";
import { sessionsApi } from "./sessions/api.js";
import * as cookies from "./sessions/functions.js";
import type * as SessionsCalls from "./sessions/calls.js";

// Stores, SDKs and neighbours load with the first call, not with the function.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system
const deps = () => (require("./deps.js") as typeof Deps).deps();
// eslint-disable-next-line @typescript-eslint/no-require-imports -- code loads with the first call, and stays in one module system
const smsDeps = () => (require("./sms/deps.js") as typeof SmsDeps).smsDeps();

/* eslint-disable @typescript-eslint/no-require-imports -- code loads with the first call, and stays in one module system */
const calls = secureCalls("identity", identityApi, {
  ...lazily(codesApi, () => (require("./codes/calls.js") as typeof CodesCalls).codesCalls),
  ...lazily(addressesApi, () => (require("./addresses/calls.js") as typeof AddressesCalls).addressesCalls),
  ...lazily(noticesApi, () => (require("./notices/calls.js") as typeof NoticesCalls).noticesCalls),
  ...lazily(rolesApi, () => (require("./roles/calls.js") as typeof RolesCalls).rolesCalls),
  ...lazily(passwordsApi, () => (require("./passwords/calls.js") as typeof PasswordsCalls).passwordsCalls),
  ...lazily(sessionsApi, () => (require("./sessions/calls.js") as typeof SessionsCalls).sessionsCalls),
  ...lazily(signalsApi, () => (require("./signals/calls.js") as typeof SignalsCalls).signalsCalls),
  ...lazily(passkeysApi, () => (require("./passkeys/calls.js") as typeof PasskeysCalls).passkeysCalls),
  ...lazily(devicesApi, () => (require("./devices/calls.js") as typeof DevicesCalls).devicesCalls),
  ...lazily(recoveryApi, () => (require("./recovery/calls.js") as typeof RecoveryCalls).recoveryCalls),
  ...lazily(factorsApi, () => (require("./factors/calls.js") as typeof FactorsCalls).factorsCalls),
});
/* eslint-enable @typescript-eslint/no-require-imports */

export const { session, signin, security, passkey, totp, backup, role } = calls;

export const { mailcode, address } = calls;

export const notice = { ...calls.notice, send: notices.send, sweep: notices.sweep };

export const { password, email } = calls;

export const { device, recovery } = calls;

export const reset = { ...calls.reset, run: recoveryJobs.run };

export const receiver = calls.receiver;

export const signal = {
  ...calls.signal,
  consume: signals.consume,
  deliver: signals.deliver,
};

export const wellknown = { ...wellknownDocuments };

export const cookie = { serve: cookies.serve };

const options = { region: config.functions.region, serviceAccount: "fn-identity@" };

export const user = {
  beforecreate: beforeUserCreated(options, (event) => publicly(() => admitSignUp(event))),
  // Before `beforesignin`: the emulator knows no such trigger and takes it for one before a sign-in, so that the last one counts.
  beforesms: beforeSmsSent(options, (event) => publicly(() => admitSms(smsDeps(), event))),
  beforesignin: beforeUserSignedIn(options, (event) => publicly(() => admitSignIn(deps(), event))),
};

/** A blocking trigger's refusal, with its public sentence; whatever else fails refuses too. */
const publicly = async <Result>(run: () => Result | Promise<Result>): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    const known = error instanceof DomainError ? error : requestError("unavailable", { cause: error });
    log(error instanceof DomainError ? "INFO" : "ERROR", "sign-in or sign-up refused", {
      code: known.code,
      ...describeError(known),
    });
    throw new HttpsError(known.status, known.message, { code: known.code });
  }
};
