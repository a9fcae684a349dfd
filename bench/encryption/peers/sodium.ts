import sodium from "libsodium-wrappers";
import type { Peer } from "./peer.ts";

/** XChaCha20-Poly1305 of libsodium in WebAssembly. */
export const sodiumPeer = async (): Promise<Peer> => {
  await sodium.ready;
  const key = sodium.crypto_aead_xchacha20poly1305_ietf_keygen();
  const nonceBytes = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  return {
    name: "libsodium-wrappers XChaCha20",
    bindsPlace: true,
    commits: false,
    seal: (text, place) => {
      const nonce = sodium.randombytes_buf(nonceBytes);
      const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(text, place.bytes, null, nonce, key);
      return Buffer.concat([nonce, sealed]);
    },
    open: (sealed, place) => {
      const [nonce, rest] = [(sealed as Buffer).subarray(0, nonceBytes), (sealed as Buffer).subarray(nonceBytes)];
      return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, rest, place.bytes, nonce, key, "text");
    },
  };
};
