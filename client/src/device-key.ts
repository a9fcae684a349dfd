import type { DeviceStore } from "./device-store.ts";

/** The public half: RFC 7517, P-256. */
export interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

/** A key that never leaves the device. */
export interface DeviceKey {
  readonly jwk: PublicJwk;
  /** ECDSA with SHA-256 over `message`; r ‖ s, 64 bytes (RFC 7518 §3.4). */
  readonly sign: (message: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;
}

/** This device's key, or undefined when it has none (yet, or any more). */
export const findDeviceKey = async (store: DeviceStore): Promise<DeviceKey | undefined> => {
  const pair = await store.findKey();
  return pair === undefined ? undefined : asDeviceKey(pair);
};

/** This device's key, made now when there is none. Its private half cannot be exported, by this page or any other. */
export const makeDeviceKey = async (store: DeviceStore): Promise<DeviceKey> =>
  asDeviceKey((await store.findKey()) ?? (await store.keepKey(await generate())));

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;

const generate = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);

const asDeviceKey = async ({ privateKey, publicKey }: CryptoKeyPair): Promise<DeviceKey> => {
  const { x = "", y = "" } = await crypto.subtle.exportKey("jwk", publicKey);
  return {
    jwk: { kty: "EC", crv: "P-256", x, y },
    sign: async (message) =>
      new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, message)),
  };
};
