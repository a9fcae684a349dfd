import type { Handlers } from "../../platform/secure-call.js";
import type { devicesApi } from "./api.js";
import { deviceDeps } from "./deps.js";
import { listDevices, revokeDevice, trustDevice } from "./trust-device.js";

export const devicesCalls: Handlers<typeof devicesApi> = {
  "device-trust": (caller, { name }) => trustDevice(deviceDeps(), caller, name),
  "device-list": (caller) => listDevices(deviceDeps(), caller),
  "device-revoke": (caller, { id }) => revokeDevice(deviceDeps(), caller, id),
};
