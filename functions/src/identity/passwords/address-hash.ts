import type { IdentityDeps } from "../deps.js";

/** What stands for an address where it need not be known again: a keyed hash, base64url. */
export const addressHash = async ({ encryption }: Pick<IdentityDeps, "encryption">, address: string): Promise<string> =>
  Buffer.from(await encryption.keyedHash("identity.address", address)).toString("base64url");
