import { randomBytes } from "node:crypto";

/** Cryptographic randomness comes in as an argument, so that a test can fix it. */
export type RandomBytes = (size: number) => Uint8Array;

export const systemRandom: RandomBytes = (size) => randomBytes(size);

/** An unguessable identifier: 128 bits, base64url, 22 characters. */
export const randomId = (random: RandomBytes): string => Buffer.from(random(16)).toString("base64url");
