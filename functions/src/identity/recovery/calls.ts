import type { Handlers } from "../../platform/secure-call.js";
import type { recoveryApi } from "./api.js";
import { recoveryDeps } from "./deps.js";
import { finishRecovery } from "./finish-recovery.js";
import { listResets, readRecovery } from "./read-recoveries.js";
import { approveReset, requestReset } from "./request-reset.js";
import { startRecovery } from "./start-recovery.js";
import { cancelRecovery, cancelReset, disownRecovery } from "./stop-recovery.js";

export const recoveryCalls: Handlers<typeof recoveryApi> = {
  "recovery-start": (caller) => startRecovery(recoveryDeps(), caller),
  "recovery-finish": (caller, input) => finishRecovery(recoveryDeps(), caller, input),
  "recovery-read": (caller) => readRecovery(recoveryDeps(), caller),
  "recovery-cancel": (caller) => cancelRecovery(recoveryDeps(), caller),
  "recovery-disown": (visitor, { token }) => disownRecovery(recoveryDeps(), visitor, token),
  "reset-request": (caller, input) => requestReset(recoveryDeps(), caller, input),
  "reset-approve": (caller, { id }) => approveReset(recoveryDeps(), caller, id),
  "reset-cancel": (caller, { id }) => cancelReset(recoveryDeps(), caller, id),
  "reset-list": () => listResets(recoveryDeps()),
};
