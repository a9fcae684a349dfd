import { lazily, secureCalls } from "../platform/secure-call.js";
import { encryptionApi } from "./api.js";
import { documentsApi } from "./documents/api.js";
import type * as DocumentsCalls from "./documents/calls.js";
import { filesApi } from "./files/api.js";
import type * as FilesCalls from "./files/calls.js";
import * as fileRequests from "./files/functions.js";
import { rotationApi } from "./rotation/api.js";
import type * as RotationCalls from "./rotation/calls.js";
import * as rotationJobs from "./rotation/functions.js";
import { vaultApi } from "./vault/api.js";
import type * as VaultCalls from "./vault/calls.js";
import * as vaultJobs from "./vault/functions.js";

/* eslint-disable @typescript-eslint/no-require-imports -- code loads with the first call, and stays in one module system */
const calls = secureCalls("encryption", encryptionApi, {
  ...lazily(documentsApi, () => (require("./documents/calls.js") as typeof DocumentsCalls).documentsCalls),
  ...lazily(filesApi, () => (require("./files/calls.js") as typeof FilesCalls).filesCalls),
  ...lazily(rotationApi, () => (require("./rotation/calls.js") as typeof RotationCalls).rotationCalls),
  ...lazily(vaultApi, () => (require("./vault/calls.js") as typeof VaultCalls).vaultCalls),
});
/* eslint-enable @typescript-eslint/no-require-imports */

export const { document } = calls;

export const file = { ...calls.file, ...fileRequests };

export const { key } = calls;

export const rotation = { run: rotationJobs.run, tick: rotationJobs.tick };

export const vault = { ...calls.vault, release: vaultJobs.release };
