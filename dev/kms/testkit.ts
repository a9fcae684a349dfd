import { randomUUID } from "node:crypto";
import type { KeyManagementServiceClient } from "@google-cloud/kms";
import { localKmsClient, localKmsRestClient } from "./client.ts";
import type { StatusName } from "./errors.ts";
import { startLocalKms } from "./index.ts";
import type { LocalKms, LocalKmsOptions } from "./index.ts";

/** Switches the client's own retries off, so that a test sees each answer. */
export const ONCE = { retry: { retryCodes: [] } };

export const TRANSPORTS: readonly [name: string, connect: (kms: LocalKms) => KeyManagementServiceClient][] = [
  ["gRPC", localKmsClient],
  ["REST", localKmsRestClient],
];

export interface Bench {
  readonly kms: LocalKms;
  readonly client: KeyManagementServiceClient;
  readonly stop: () => Promise<void>;
}

/** A server of its own, without any key, and the official client connected to it. */
export const startBench = async (
  connect: (kms: LocalKms) => KeyManagementServiceClient,
  options: LocalKmsOptions = {},
): Promise<Bench> => {
  const kms = await startLocalKms(options);
  const client = connect(kms);
  const stop = async (): Promise<void> => {
    await client.close();
    await kms.stop();
  };
  return { kms, client, stop };
};

/** A location and a key ring in it that nothing else uses. */
export interface Place {
  readonly location: string;
  readonly ring: string;
}

export const freshPlace = async ({ client }: Pick<Bench, "client">): Promise<Place> => {
  const location = `projects/test-${randomUUID()}/locations/europe-west1`;
  const [{ name }] = await client.createKeyRing({ parent: location, keyRingId: "ring" });
  return { location, ring: name ?? "" };
};

/** Makes a key, symmetric unless told otherwise, and gives its name. */
export const makeKey = async (
  client: KeyManagementServiceClient,
  parent: string,
  cryptoKey: NonNullable<Parameters<KeyManagementServiceClient["createCryptoKey"]>[0]>["cryptoKey"] = {},
  cryptoKeyId = "key",
): Promise<string> => {
  const [key] = await client.createCryptoKey({
    parent,
    cryptoKeyId,
    cryptoKey: { purpose: "ENCRYPT_DECRYPT", ...cryptoKey },
  });
  return key.name ?? "";
};

/** What a call was refused with: status name, and the sentence without the transport's prefix. */
export const refusal = async (call: Promise<unknown>): Promise<{ status: string; message: string }> => {
  const error = await call.then(
    () => ({ code: 0, message: "" }),
    (reason: unknown) => reason as { code: number; message: string },
  );
  return {
    status: STATUS_NAMES[error.code] ?? `code ${error.code}`,
    message: error.message.replace(/^\d+ [A-Z_]+: /, ""),
  };
};

const STATUS_NAMES: Readonly<Record<number, StatusName | "OK">> = {
  0: "OK",
  3: "INVALID_ARGUMENT",
  4: "DEADLINE_EXCEEDED",
  5: "NOT_FOUND",
  6: "ALREADY_EXISTS",
  8: "RESOURCE_EXHAUSTED",
  9: "FAILED_PRECONDITION",
  10: "ABORTED",
  12: "UNIMPLEMENTED",
  13: "INTERNAL",
  14: "UNAVAILABLE",
};
