import { randomText, sha256 } from "./base64url.ts";
import { makeDeviceKey, type PublicJwk } from "./device-key.ts";
import type { DeviceStore, KeptSecret } from "./device-store.ts";
import { isFirekeepError } from "./error.ts";

/** What binds a session to this device: the server keeps only a hash of the secret. */
export interface Binding {
  readonly key: PublicJwk;
  readonly secretHash: string;
}

/**
 * Runs a sign-in with a fresh binding and keeps its secret when it ends well. `signIn` calls `keep` as soon as the session
 * stands, before anything uses it.
 */
export const withBinding = async <Result>(
  device: DeviceStore,
  signIn: (binding: Binding, keep: () => Promise<void>) => Promise<Result>,
): Promise<Result> => {
  const before = await device.findSecret();
  const secret = newSecret();
  const binding = { key: (await makeDeviceKey(device)).jwk, secretHash: await sha256(secret) };
  try {
    return await signIn(binding, () => device.keepSecret({ present: secret, since: Date.now() }));
  } catch (error) {
    await device.keepSecret(before);
    throw error;
  }
};

/** Asks the server to go over from `secret` to the one with the hash `next`; asked again it answers the same. */
export type Rotate = (next: string, secret: string) => Promise<{ readonly rotated: boolean }>;

/**
 * The secret to prove a call with. When the answer to a rotation was lost, the same rotation is asked for again first: shown
 * later, the secret before it would look stolen.
 */
export const currentSecret = async (device: DeviceStore, rotate: Rotate): Promise<string | undefined> => {
  const kept = await device.findSecret();
  if (kept?.pending === undefined) return kept?.present;
  return (await device.alone(() => settle(device, rotate)))?.present;
};

/** Gives the session a new secret; one tab at a time, and not again when another tab just did. */
export const rotateSecret = async (device: DeviceStore, rotate: Rotate, olderThanMs = 0): Promise<void> => {
  const askedAt = Date.now();
  await device.alone(async () => {
    const kept = await settle(device, rotate);
    if (kept === undefined || kept.since >= askedAt - olderThanMs) return;
    await device.keepSecret({ ...kept, pending: newSecret() });
    await settle(device, rotate);
  });
};

/** Carries out the rotation that is kept as pending, if there is one. */
const settle = async (device: DeviceStore, rotate: Rotate): Promise<KeptSecret | undefined> => {
  const kept = await device.findSecret();
  if (kept?.pending === undefined) return kept;
  const { pending, ...before } = kept;
  try {
    const { rotated } = await rotate(await sha256(pending), kept.present);
    const after = rotated ? { present: pending, since: Date.now() } : before;
    await device.keepSecret(after);
    return after;
  } catch (error) {
    if (isRefusal(error)) await device.keepSecret(before);
    throw error;
  }
};

// The server looked at the secret and refused it; anything else (no network, a proof out of time) says nothing of the secret.
const isRefusal = (error: unknown): boolean =>
  isFirekeepError(error, "identity/secret-rejected") ||
  (isFirekeepError(error, "request/proof-rejected") && error.details["why"] === "secret");

const newSecret = (): string => randomText(32);
