import type { Passkey } from "../factors/passkey.js";

/**
 * Stands in for a passkey that nobody has, so that its answer is checked as long as any other. The key is P-256's base point,
 * whose private half everybody knows: whatever verifies under it is refused all the same, by its caller.
 */
export const decoyOf = (id: string): Pick<Passkey, "id" | "publicKey" | "backupEligible"> => ({
  id,
  publicKey: BASE_POINT,
  backupEligible: false,
});

// {1: 2, 3: -7, -1: 1, -2: x, -3: y}; SP 800-186 §3.2.1.3.
const BASE_POINT = Buffer.concat([
  Buffer.from("a5010203262001215820", "hex"),
  Buffer.from("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296", "hex"),
  Buffer.from("225820", "hex"),
  Buffer.from("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", "hex"),
]);
