import { crc32c } from "./crc32c.ts";
import { kmsError } from "./errors.ts";

/** `google.protobuf.Int64Value` as the client sends it. */
export interface Int64Value {
  value?: number | string | { toString(): string } | null;
}

/** The checksum of `data` as a response carries it. */
export const checksumOf = (data: Uint8Array): { value: number } => ({ value: crc32c(data) });

/**
 * True when the caller sent a checksum and it is right, false when none was sent: the `verified_*_crc32c` of the answer.
 *
 * @param field the data's field in the proto's spelling, such as "plaintext"
 * @throws INVALID_ARGUMENT when the checksum does not match
 */
export const verifyChecksum = (field: string, data: Uint8Array, checksum: Int64Value | null | undefined): boolean => {
  if (checksum === null || checksum === undefined) return false;
  if (Number(String(checksum.value ?? 0)) !== crc32c(data)) throw kmsError("checksum-mismatch", field);
  return true;
};

/** A `bytes` field: absent is empty. */
export const bytesOf = (value: Uint8Array | string | null | undefined): Buffer =>
  typeof value === "string" ? Buffer.from(value, "base64") : Buffer.from(value ?? []);
