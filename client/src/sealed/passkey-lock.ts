import { concat, randomBytes, sameBytes, wipe, type Bytes } from "../bytes.ts";
import { FirekeepError } from "../error.ts";
import { altered, refuseAltered, wrongKey } from "./errors.ts";
import { importMasterKey, type MasterKey } from "./master-key.ts";
import { associatedData } from "./place.ts";
import { withRecoveryKey } from "./recovery-key.ts";

/**
 * A lock: the master key, wrapped by what a passkey alone can compute (WebAuthn L3 §10.1.4, `prf`). To be stored anywhere, such
 * as in a field of the person's profile; it is of no use without the passkey.
 *
 *   3 │ master key's commitment 32 │ PRF input 32 │ IV 12 │ wrapped key 32 + tag 16 │ credential id
 *
 * It needs the recovery key, since no page can read the master key out of the browser. Not every browser and authenticator has
 * `prf`, and a lock opens only with the passkey it was made with: it is a convenience beside the recovery key, not instead of it.
 *
 * @throws FirekeepError `client/passkey-prf-missing`, `client/passkey-cancelled`, `client/recovery-key-malformed`
 */
export const lockWithPasskey = (recoveryKey: string, owner: string): Promise<Bytes> =>
  withRecoveryKey(recoveryKey, async (secret) => {
    const { commitment } = await importMasterKey(secret);
    const input = randomBytes(32);
    const { output, credential } = await evaluate(input);
    const [key, iv] = [await lockKey(output), randomBytes(12)];
    const wrapped = new Uint8Array(await crypto.subtle.encrypt(gcm(iv, owner), key, secret));
    return concat(Uint8Array.of(VERSION), commitment, input, iv, wrapped, credential);
  });

/**
 * The master key behind a lock, after the person confirmed with the passkey.
 *
 * @throws FirekeepError `client/passkey-prf-missing`, `client/passkey-cancelled`, `client/sealed-altered`
 */
export const openPasskeyLock = async (lock: Uint8Array, owner: string): Promise<MasterKey> => {
  if (lock.length <= CREDENTIAL_AT || lock[0] !== VERSION) throw altered();
  const { output } = await evaluate(lock.slice(33, 65), lock.slice(CREDENTIAL_AT));
  const opened = crypto.subtle.decrypt(
    gcm(lock.slice(65, 77), owner),
    await lockKey(output),
    lock.slice(77, CREDENTIAL_AT),
  );
  const secret = new Uint8Array(await opened.catch(refuseAltered));
  const master = await importMasterKey(secret);
  wipe(secret);
  if (!sameBytes(master.commitment, lock.subarray(1, 33))) throw wrongKey();
  return master;
};

const VERSION = 3;
const CREDENTIAL_AT = 1 + 32 + 32 + 12 + 48;

const gcm = (iv: Bytes, owner: string) => ({
  name: "AES-GCM",
  iv,
  additionalData: associatedData("lock", { purpose: "master-key", owner, name: "" }),
});

const lockKey = async (output: Bytes): Promise<CryptoKey> => {
  const root = await crypto.subtle.importKey("raw", output, "HKDF", false, ["deriveKey"]);
  wipe(output);
  const from = { name: "HKDF", hash: "SHA-384", salt: new Uint8Array(0), info: new TextEncoder().encode("lock") };
  return crypto.subtle.deriveKey(from, root, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
};

/** What the passkey computes of `input`. No server checks the assertion: nobody signs in with it. */
const evaluate = async (input: Bytes, credential?: Bytes): Promise<{ output: Bytes; credential: Bytes }> => {
  const options: PublicKeyCredentialRequestOptions = {
    challenge: randomBytes(32),
    userVerification: "required",
    ...(credential !== undefined && { allowCredentials: [{ type: "public-key", id: credential }] }),
    extensions: { prf: { eval: { first: input } } },
  };
  const got = await navigator.credentials.get({ publicKey: options }).catch((cause: unknown) => {
    throw new FirekeepError("client/passkey-cancelled", "No passkey was used.", {}, cause);
  });
  const answered = got as PublicKeyCredential;
  const first = answered.getClientExtensionResults().prf?.results?.first;
  if (first === undefined)
    throw new FirekeepError(
      "client/passkey-prf-missing",
      "This browser or passkey cannot keep keys. Use your recovery key.",
      {},
      undefined,
    );
  const output = first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer);
  return { output, credential: new Uint8Array(answered.rawId) };
};
