import { randomBytes } from "node:crypto";
import type { Handle } from "./api.ts";
import { kmsError } from "./errors.ts";
import { checksumOf } from "./integrity.ts";
import { requireName } from "./names.ts";

/** 8 to 1024 random bytes; as in Cloud KMS only from a location's "HSM" (here node:crypto). */
export const generateRandomBytes: Handle<"GenerateRandomBytes"> = (
  _kms,
  { location, lengthBytes, protectionLevel },
) => {
  requireName("location", location);
  const length = lengthBytes ?? 0;
  if (length < 8 || length > 1024) throw kmsError("field-invalid", "length_bytes");
  if (protectionLevel !== "HSM") throw kmsError("not-implemented", `protection level ${String(protectionLevel)}`);
  const data = randomBytes(length);
  return { data, dataCrc32c: checksumOf(data) };
};
