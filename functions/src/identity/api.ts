import { defineApi } from "../platform/api.js";
import { addressesApi } from "./addresses/api.js";
import { devicesApi } from "./devices/api.js";
import { recoveryApi } from "./recovery/api.js";
import { codesApi } from "./codes/api.js";
import { factorsApi } from "./factors/api.js";
import { passkeysApi } from "./passkeys/api.js";
import { noticesApi } from "./notices/api.js";
import { passwordsApi } from "./passwords/api.js";
import { signalsApi } from "./signals/api.js";
import { rolesApi } from "./roles/api.js";
import { sessionsApi } from "./sessions/api.js";

export const identityApi = defineApi({
  ...codesApi,
  ...addressesApi,
  ...noticesApi,
  ...passwordsApi,
  ...sessionsApi,
  ...factorsApi,
  ...passkeysApi,
  ...signalsApi,
  ...rolesApi,
  ...devicesApi,
  ...recoveryApi,
});
