import { z } from "zod";

/** The JSON forms of WebAuthn L3 §5.1 (`PublicKeyCredential.toJSON()` and the options parsers), as far as Firekeep uses them. */

// Octets in base64url: four letters carry three of them. Decoding is strict, and done by the verifier.
const octets = (most: number) =>
  z
    .string()
    .regex(/^[\w-]+$/, "Octets in base64url without padding.")
    .max(Math.ceil((most * 4) / 3), `At most ${String(most)} octets.`);

/** WebAuthn L3 §4: a credential id has at most 1023 bytes. One more is let in here, for the verifier to refuse by name. */
export const credentialId = octets(1_024);
const clientDataJSON = octets(4_096);
const envelope = { id: credentialId, rawId: credentialId, type: z.string().max(32) };

// Not strict: browsers add members over time, and what is not named here is dropped, extension outputs included.

/** What `navigator.credentials.create()` answered: a `RegistrationResponseJSON`. */
export const registrationResponse = z.object({
  ...envelope,
  response: z.object({
    clientDataJSON,
    attestationObject: octets(65_536),
    transports: z
      .array(z.string().regex(/^[a-z-]{1,32}$/))
      .max(10)
      .optional(),
  }),
});
export type RegistrationResponse = z.output<typeof registrationResponse>;

/** What `navigator.credentials.get()` answered: an `AuthenticationResponseJSON`. */
export const authenticationResponse = z.object({
  ...envelope,
  response: z.object({
    clientDataJSON,
    authenticatorData: octets(4_096),
    signature: octets(1_024),
    userHandle: octets(64).nullable().optional(),
  }),
});
export type AuthenticationResponse = z.output<typeof authenticationResponse>;

const descriptor = z.strictObject({
  type: z.literal("public-key"),
  id: z.string(),
  transports: z.array(z.string()).optional(),
});
const userVerification = z.enum(["required", "preferred", "discouraged"]);

/** `PublicKeyCredentialCreationOptionsJSON`: for `parseCreationOptionsFromJSON()`. */
export const creationOptions = z.strictObject({
  rp: z.strictObject({ id: z.string(), name: z.string() }),
  user: z.strictObject({ id: z.string(), name: z.string(), displayName: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.strictObject({ type: z.literal("public-key"), alg: z.number().int() })),
  timeout: z.number().int().describe("Milliseconds."),
  excludeCredentials: z.array(descriptor),
  authenticatorSelection: z.strictObject({
    residentKey: z.literal("required"),
    requireResidentKey: z.literal(true),
    userVerification,
  }),
  attestation: z.enum(["none", "direct"]),
  extensions: z.strictObject({ credProps: z.literal(true) }),
});
export type CreationOptions = z.output<typeof creationOptions>;

/** `PublicKeyCredentialRequestOptionsJSON`: for `parseRequestOptionsFromJSON()`. */
export const requestOptions = z.strictObject({
  rpId: z.string(),
  challenge: z.string(),
  timeout: z.number().int().describe("Milliseconds."),
  allowCredentials: z.array(descriptor),
  userVerification,
});
export type RequestOptions = z.output<typeof requestOptions>;

/**
 * What the browser's Signal API takes (WebAuthn L3 §5.1.10): `signalAllAcceptedCredentials` wants `rpId`, `userId` and
 * `allAcceptedCredentialIds`, `signalCurrentUserDetails` wants `rpId`, `userId`, `name` and `displayName`.
 */
export const signal = z.strictObject({
  rpId: z.string(),
  userId: z.string().describe("The user handle, base64url; never the account id."),
  allAcceptedCredentialIds: z.array(z.string()),
  name: z.string(),
  displayName: z.string(),
});
export type Signal = z.output<typeof signal>;
