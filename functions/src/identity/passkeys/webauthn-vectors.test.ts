import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { config, type PasskeyPolicy } from "../../config.js";
import { webauthnSdk } from "../../platform/sdk.js";
import { reasonOf } from "./refusal.js";
import { readAssertion, verifyAssertion } from "./verify-assertion.js";
import { verifyRegistration } from "./verify-registration.js";

const VECTORS = join(__dirname, "../../../../../shared/vectors/webauthn/webauthn-l3-vectors.json");

interface Vectors {
  readonly rpId: string;
  readonly origin: string;
  readonly topOrigin: string;
  /** DER in hex. */
  readonly attestationRoot: string;
  readonly vectors: {
    readonly id: string;
    readonly registration: Readonly<
      Record<"challenge" | "credential_id" | "clientDataJSON" | "attestationObject", string>
    >;
    readonly authentication: Readonly<
      Record<"challenge" | "clientDataJSON" | "authenticatorData" | "signature", string>
    >;
  }[];
}

// Registration, authentication, and why. Policy in force: attestation "none", ES256, Ed25519 and RS256, nobody may frame us.
const VERDICTS: Readonly<Record<string, readonly [string, string, string]>> = {
  "none-es256": ["none", "accepted", "the plain case"],
  "packed-self-es256": ["untrusted", "accepted", "self attestation is verified, and vouches for no maker"],
  "none-es256-crossOrigin": ["cross-origin", "cross-origin", "in a frame of a site that the browser does not name"],
  "none-es256-topOrigin": ["cross-origin", "cross-origin", "in a frame of a site that is not on the list"],
  "none-es256-long-credential-id": ["none", "accepted", "1023 bytes are the longest id there may be"],
  "packed-es256": ["none", "accepted", "the maker's statement is not asked for, so it is not believed"],
  "packed-es384": ["algorithm", "algorithm", "ES384 is not offered"],
  "packed-es512": ["algorithm", "algorithm", "ES512 is not offered"],
  "packed-rs256": ["none", "accepted", "RS256 is offered, last"],
  "packed-eddsa": ["none", "accepted", "Ed25519 is offered"],
  "packed-ed448": ["algorithm", "algorithm", "Ed448 is not offered, and SimpleWebAuthn cannot verify it"],
  "tpm-es256": [
    "none",
    "accepted",
    "the statement names a vendor that SimpleWebAuthn does not know; it is not looked at",
  ],
  "android-key-es256": ["none", "accepted", "SimpleWebAuthn cannot follow the chain; it is not looked at"],
  "apple-es256": ["none", "accepted", "the statement is not looked at"],
  "fido-u2f-es256": ["none", "accepted", "SimpleWebAuthn wants a zero AAGUID; the statement is not looked at"],
};

const NONE: PasskeyPolicy = { userVerification: "preferred", backupEligible: "allow", attestation: "none" };
const pem = (der: string): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der, "hex").toString("base64")}\n-----END CERTIFICATE-----\n`;
const url = (hex: string): string => Buffer.from(hex, "hex").toString("base64url");

describe("the vectors of WebAuthn Level 3", () => {
  if (!existsSync(VECTORS)) {
    process.stderr.write("!!! NOT RUN: the 30 WebAuthn L3 vectors (the shared vectors folder is absent)\n");
    test("the vectors folder is absent: the hostile authenticator's cases stand alone", () =>
      expect(existsSync(VECTORS)).toBe(false));
    return;
  }
  const { rpId, origin, topOrigin, attestationRoot, vectors } = JSON.parse(readFileSync(VECTORS, "utf8")) as Vectors;
  const rp = { id: rpId, name: "Vectors", origins: [origin], topOrigins: [] as string[] };
  type Vector = Vectors["vectors"][number];

  const register = ({ registration: { challenge, credential_id: id, ...sent } }: Vector, over = {}, policy = NONE) =>
    verifyRegistration(
      { ...rp, ...over },
      {
        response: {
          id: url(id),
          rawId: url(id),
          type: "public-key",
          response: { clientDataJSON: url(sent.clientDataJSON), attestationObject: url(sent.attestationObject) },
        },
        challenge: url(challenge),
        policy,
      },
    );

  /** With the key and the backup eligibility that the registration's authenticator data state. */
  const authenticate = async ({ registration, authentication }: Vector, over = {}) => {
    const { challenge, clientDataJSON, authenticatorData, signature } = authentication;
    const id = url(registration.credential_id);
    const response = {
      clientDataJSON: url(clientDataJSON),
      authenticatorData: url(authenticatorData),
      signature: url(signature),
    };
    const assertion = readAssertion({ id, rawId: id, type: "public-key", response });
    const passkey = { id, ...keyIn(registration.attestationObject) };
    const given = { response: assertion, challenge: url(challenge), passkey, userHandle: undefined, named: true };
    await verifyAssertion({ ...rp, ...over }, given);
    return "accepted";
  };

  const verdict = (run: Promise<string>): Promise<string> => run.catch(reasonOf);

  test.each(vectors)("$id: both halves get the verdict that our policy gives them", async (vector) => {
    const [registered, asserted] = VERDICTS[vector.id] ?? [];
    expect(await verdict(register(vector).then(({ attestation }) => attestation))).toBe(registered);
    expect(await verdict(authenticate(vector))).toBe(asserted);
  });

  test("every verdict has its vector, and there are 30 in all", () => {
    expect(vectors.map(({ id }) => id).sort()).toEqual(Object.keys(VERDICTS).sort());
    expect(Object.values(VERDICTS).every(([, , why]) => why.length > 10)).toBe(true);
    expect(2 * vectors.length).toBe(30);
  });

  test("a frame is let in where its site is on the list, and only where the browser names it", async () => {
    const framed = { topOrigins: [topOrigin] };
    const [named, nameless] = ["none-es256-topOrigin", "none-es256-crossOrigin"].map((name) => byId(name));
    expect(await verdict(register(named!, framed).then(({ attestation }) => attestation))).toBe("none");
    expect(await verdict(authenticate(named!, framed))).toBe("accepted");
    expect(await verdict(register(nameless!, framed).then(({ attestation }) => attestation))).toBe("cross-origin");
  });

  test("a statement that is asked for and leads to no known root is untrusted, and refused where trust is demanded", async () => {
    const packed = byId("packed-es256")!;
    const { attestation } = await register(packed, {}, { ...NONE, attestation: "direct" });
    expect(attestation).toBe("untrusted");
    const demanded = register(packed, {}, { ...NONE, attestation: "trusted" });
    await expect(demanded).rejects.toMatchObject({
      code: "identity/passkey-not-allowed",
      details: { why: "attestation" },
    });
  });

  test("a statement that leads to a root of ours is trusted, and its model counts", async () => {
    const settings = webauthnSdk().SettingsService;
    const packed = byId("packed-es256")!;
    const aaguid = "876ca4f5-2071-c3e9-b255-09ef2cdf7ed6";
    const trusted: PasskeyPolicy = { ...NONE, attestation: "trusted" };
    settings.setRootCertificates({ identifier: "packed", certificates: [pem(attestationRoot)] });
    try {
      expect(await register(packed, {}, trusted)).toMatchObject({ attestation: "trusted" });
      expect(await register(packed, {}, { ...trusted, aaguids: { allow: [aaguid] } })).toMatchObject({ aaguid });
      for (const aaguids of [{ allow: [] }, { deny: [aaguid] }])
        await expect(register(packed, {}, { ...trusted, aaguids })).rejects.toMatchObject({
          details: { why: "model" },
        });
      for (const policy of [{ ...trusted, formats: ["tpm" as const] }, trusted]) {
        const vector = policy === trusted ? byId("packed-self-es256")! : packed;
        await expect(register(vector, {}, policy)).rejects.toMatchObject({ details: { why: "attestation" } });
      }
    } finally {
      settings.setRootCertificates({ identifier: "packed", certificates: [] });
    }
  });

  test("a model that is denied is refused also where nobody vouches for it", async () => {
    const aaguid = "8446ccb9-ab1d-b374-750b-2367ff6f3a1f";
    const denied = register(byId("none-es256")!, {}, { ...NONE, aaguids: { deny: [aaguid] } });
    await expect(denied).rejects.toMatchObject({ code: "identity/passkey-not-allowed", details: { why: "model" } });
  });

  test("the policy in force asks for no statement", () => expect(config.passkeys.policies.default).toEqual(NONE));

  const byId = (id: string): Vector | undefined => vectors.find((vector) => vector.id === id);

  /** Found by position, without the code under test: aaguid 16, length 2, id, then the COSE_Key up to the end. */
  const keyIn = (attestationHex: string): { publicKey: Uint8Array; backupEligible: boolean } => {
    const object = Buffer.from(attestationHex, "hex");
    const start = object.indexOf(Buffer.from(rpIdHash, "hex"));
    const idLength = object.readUInt16BE(start + 53);
    const publicKey = object.subarray(start + 55 + idLength);
    return { publicKey, backupEligible: (object.readUInt8(start + 32) & 0x08) !== 0 };
  };
  const rpIdHash = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5";
});
