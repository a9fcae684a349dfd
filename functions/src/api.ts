import { auditApi } from "./audit/api.js";
import { detectionApi } from "./detection/api.js";
import { encryptionApi } from "./encryption/api.js";
import { identityApi } from "./identity/api.js";
import { incidentsApi } from "./incidents/api.js";
import type { Api, Calls } from "./platform/api.js";
import { privacyApi } from "./privacy/api.js";

/** Every callable by domain. The API reference and the permission matrix are made from it; functions do not load it. */
export const apis = {
  identity: identityApi,
  encryption: encryptionApi,
  detection: detectionApi,
  privacy: privacyApi,
  incidents: incidentsApi,
  audit: auditApi,
} as const satisfies Record<string, Api>;

/** Input and output of every callable by its id. The client's types. */
export type FirekeepCalls = Calls<"identity", typeof identityApi> &
  Calls<"encryption", typeof encryptionApi> &
  Calls<"detection", typeof detectionApi> &
  Calls<"privacy", typeof privacyApi> &
  Calls<"incidents", typeof incidentsApi> &
  Calls<"audit", typeof auditApi>;
