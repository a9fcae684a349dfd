import { config } from "../config.js";
import { lazy } from "../kernel/lazy.js";
import { cloudKms } from "./kms-client.js";
import type { Kms } from "./kms-port.js";

export type { Kms, KmsCiphertext, KmsKey, KmsPublicKey, KmsSignature } from "./kms-port.js";

/** Cloud KMS, or the local one that FIREKEEP_KMS_ENDPOINT names. Made on first use, one per instance. */
export const kms = lazy((): Kms => cloudKms(config.kms));
