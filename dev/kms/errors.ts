import { status } from "@grpc/grpc-js";

/** A gRPC status by name, without OK. */
export type StatusName = Exclude<keyof typeof status, "OK">;

/**
 * Every error this server answers with: status, and the public sentence in which `{}` is the subject.
 *
 * The sentences for disabled versions, checksums, quota and failed decryption are those of Cloud KMS.
 */
const ERRORS = {
  "not-found": ["NOT_FOUND", "{} not found."],
  "already-exists": ["ALREADY_EXISTS", "{} already exists."],
  "name-invalid": ["INVALID_ARGUMENT", "{} is not a valid resource type for this request."],
  "id-invalid": ["INVALID_ARGUMENT", "Invalid resource id '{}': 1 to 63 letters, digits, '-' or '_' are allowed."],
  "field-invalid": ["INVALID_ARGUMENT", "Invalid value in field {}."],
  "too-large": ["INVALID_ARGUMENT", "The field {} is too large for this key's protection level."],
  "checksum-mismatch": ["INVALID_ARGUMENT", "The checksum in field {}_crc32c did not match the data in field {}."],
  "decryption-failed": ["INVALID_ARGUMENT", "Decryption failed: verify that 'name' refers to the correct CryptoKey."],
  "malformed-request": ["INVALID_ARGUMENT", "Invalid JSON payload received. {}"],
  "not-enabled": ["FAILED_PRECONDITION", "{}."],
  "state-refused": ["FAILED_PRECONDITION", "{} is not in a state that allows this operation."],
  "no-primary": ["FAILED_PRECONDITION", "{} has no primary version."],
  "purpose-refused": ["FAILED_PRECONDITION", "The purpose of {} does not allow this operation."],
  "quota-exceeded": [
    "RESOURCE_EXHAUSTED",
    "Quota exceeded for quota metric 'Cryptographic requests' and limit 'Cryptographic requests per {}' of service 'cloudkms.googleapis.com'.",
  ],
  unavailable: ["UNAVAILABLE", "The service is currently unavailable."],
  "not-implemented": ["UNIMPLEMENTED", "The local Cloud KMS does not implement {}."],
} as const satisfies Record<string, readonly [StatusName, string]>;

/** What a caller may see of an error. */
export interface PublicStatus {
  readonly status: StatusName;
  readonly message: string;
}

const STATUS = Symbol("kms-status");

/** An error for the caller; `subject` fills the sentence's `{}`. */
export const kmsError = (kind: keyof typeof ERRORS, subject = ""): Error => {
  const [name, sentence] = ERRORS[kind];
  return statusError(
    name,
    sentence.replaceAll("{}", () => subject),
  );
};

/** An error with a status of one's choice, for injected faults. */
export const statusError = (name: StatusName, message: string): Error =>
  Object.assign(new Error(message), { [STATUS]: name });

/** True for errors that are meant for the caller; all others are faults of this server. */
export const isPublicError = (error: unknown): error is Error & { [STATUS]: StatusName } =>
  error instanceof Error && STATUS in error;

/** The public side of any error: what was not thrown by `kmsError` or `statusError` is INTERNAL without detail. */
export const publicStatus = (error: unknown): PublicStatus => {
  if (isPublicError(error)) return { status: error[STATUS], message: error.message };
  return { status: "INTERNAL", message: "Internal error encountered." };
};

/** True for a name such as "UNAVAILABLE"; OK is not an error. */
export const isStatusName = (name: unknown): name is StatusName =>
  typeof name === "string" && name !== "OK" && !/^\d+$/.test(name) && Object.hasOwn(status, name);
