import type { KeyManagementServiceClient } from "@google-cloud/kms";
import { projectId, readVariable } from "../config.js";
import { lazy } from "../kernel/lazy.js";
import { attemptKms } from "./kms-attempt.js";
import { crc32c } from "./kms-crc32c.js";
import { kmsError } from "./kms-errors.js";
import { kmsLocation } from "./kms-locations.js";
import type { Kms, KmsKey } from "./kms-port.js";
import { gaxSdk, kmsSdk } from "./sdk.js";

interface Settings {
  readonly timeoutMs: number;
  readonly rings: Readonly<Record<KmsKey["ring"], string>>;
}

type Client = InstanceType<typeof KeyManagementServiceClient>;

/** The official client behind the port. Checksums go both ways; a mismatch counts as a failed attempt. */
export const cloudKms = (settings: Settings, connect: () => Client = connectClient): Kms => {
  const client = lazy(connect);
  // Names are made before the clock starts to run: the first one loads the client, which may take a second.
  const keyName = ({ ring, key, location }: KmsKey): string =>
    client().cryptoKeyPath(projectId(), kmsLocation(location), settings.rings[ring], key);
  const versionName = (key: KmsKey & { version?: string }): string =>
    `${keyName(key)}/cryptoKeyVersions/${key.version ?? "1"}`;
  const attempt = <Answer>(call: (options: { timeout: number; retry: null }) => Promise<Answer>): Promise<Answer> =>
    attemptKms(settings.timeoutMs, (timeout) => call({ timeout, retry: null }));
  return {
    encrypt: async ({ plaintext, associatedData, ...key }) => {
      const sums = { plaintextCrc32c: sum(plaintext), additionalAuthenticatedDataCrc32c: sum(associatedData) };
      const request = { name: keyName(key), plaintext, additionalAuthenticatedData: associatedData, ...sums };
      return attempt(async (options) => {
        const [answer] = await client().encrypt(request, options);
        verified(answer.verifiedPlaintextCrc32c === true && answer.verifiedAdditionalAuthenticatedDataCrc32c === true);
        const ciphertext = intact(answer.ciphertext, answer.ciphertextCrc32c);
        return { ciphertext, version: versionIn(answer.name, request.name) };
      });
    },
    decrypt: async ({ ciphertext, associatedData, ...key }) => {
      const sums = { ciphertextCrc32c: sum(ciphertext), additionalAuthenticatedDataCrc32c: sum(associatedData) };
      const request = { name: keyName(key), ciphertext, additionalAuthenticatedData: associatedData, ...sums };
      return attempt(async (options) => {
        const [answer] = await client().decrypt(request, options);
        return intact(answer.plaintext, answer.plaintextCrc32c);
      });
    },
    asymmetricSign: async ({ data, ...key }) => {
      const request = { name: versionName(key), data, dataCrc32c: sum(data) };
      return attempt(async (options) => {
        const [answer] = await client().asymmetricSign(request, options);
        verified(answer.verifiedDataCrc32c === true && answer.name === request.name);
        return { signature: intact(answer.signature, answer.signatureCrc32c), keyVersion: request.name };
      });
    },
    publicKey: async (key) => {
      const name = versionName(key);
      return attempt(async (options) => {
        const [answer] = await client().getPublicKey({ name }, options);
        const pem = intact(Buffer.from(answer.pem ?? ""), answer.pemCrc32c);
        return { pem: Buffer.from(pem).toString("utf8"), keyVersion: name };
      });
    },
  };
};

/** Cloud KMS; or, where FIREKEEP_KMS_ENDPOINT says `host:port`, that server without TLS and credentials. */
export const connectClient = (): Client => {
  const { KeyManagementServiceClient: Client } = kmsSdk();
  const endpoint = readVariable("FIREKEEP_KMS_ENDPOINT");
  if (endpoint === undefined) return new Client();
  const { grpc, googleAuthLibrary } = gaxSdk();
  const colon = endpoint.lastIndexOf(":");
  return new Client({
    apiEndpoint: endpoint.slice(0, colon),
    port: Number(endpoint.slice(colon + 1)),
    sslCreds: grpc.credentials.createInsecure(),
    authClient: new googleAuthLibrary.PassThroughClient(),
  });
};

interface Int64Value {
  value?: number | string | { toString(): string } | null;
}

/** The number at the end of a key version's resource name, which must be of the key that was asked: no other, nowhere else. */
const versionIn = (name: string | null | undefined, key: string): number => {
  const start = `${key}/cryptoKeyVersions/`;
  const number = name?.startsWith(start) === true ? name.slice(start.length) : "";
  if (!/^[1-9]\d*$/u.test(number)) throw kmsError("kms-corrupt", { cause: new Error("another key has answered") });
  return Number(number);
};

const sum = (bytes: Uint8Array) => ({ value: crc32c(bytes) });

const verified = (ok: boolean): void => {
  if (!ok) throw kmsError("kms-corrupt", { cause: new Error("the request arrived damaged") });
};

const intact = (bytes: Uint8Array | string | null | undefined, claimed: Int64Value | null | undefined): Uint8Array => {
  if (!(bytes instanceof Uint8Array) || crc32c(bytes) !== Number(String(claimed?.value))) {
    throw kmsError("kms-corrupt", { cause: new Error("the answer's checksum does not fit") });
  }
  return bytes;
};
