import type { Kms } from "../platform/kms.js";
import type { Signer } from "./signed-statement.js";

/** The audit key in Cloud KMS. Its public half is asked for once per instance and key version. */
export const kmsSigner = (kms: () => Kms): Signer => {
  const key = { ring: "audit", key: "signing" } as const;
  const pems = new Map<string, string>();
  return {
    sign: async (data) => {
      const { signature, keyVersion } = await kms().asymmetricSign({ ...key, data });
      const publicKey = pems.get(keyVersion) ?? (await kms().publicKey(key)).pem;
      pems.set(keyVersion, publicKey);
      return { signature, keyVersion, publicKey };
    },
  };
};
