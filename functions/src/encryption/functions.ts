import { lazily, secureCalls } from "../platform/secure-call.js";
import { encryptionApi } from "./api.js";
import { documentsApi } from "./documents/api.js";
import type * as DocumentsCalls from "./documents/calls.js";

/* eslint-disable @typescript-eslint/no-require-imports -- code loads with the first call, and stays in one module system */
const calls = secureCalls("encryption", encryptionApi, {
  ...lazily(documentsApi, () => (require("./documents/calls.js") as typeof DocumentsCalls).documentsCalls),
});
/* eslint-enable @typescript-eslint/no-require-imports */

export const { document } = calls;
