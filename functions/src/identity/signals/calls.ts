import type { Handlers } from "../../platform/secure-call.js";
import type { signalsApi } from "./api.js";
import { signalDeps } from "./deps.js";
import { listReceivers, readSignal, registerReceiver, removeReceiver, verifyReceiver } from "./manage-receivers.js";

export const signalsCalls: Handlers<typeof signalsApi> = {
  "receiver-register": (caller, input) => registerReceiver(signalDeps(), caller, input),
  "receiver-list": () => listReceivers(signalDeps()),
  "receiver-remove": (caller, { id }) => removeReceiver(signalDeps(), caller, id),
  "receiver-verify": (_, { id }) => verifyReceiver(signalDeps(), id),
  "signal-read": (_, { id }) => readSignal(signalDeps(), id),
};
