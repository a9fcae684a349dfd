import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();
const [UP, UV, BE, BS, AT] = [0x01, 0x04, 0x08, 0x10, 0x40];

/** A synced passkey as a phone would make it: ES256, no attestation, its counter always 0. */
export const newPasskey = (rpId: string, origin: string) => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const idBytes = randomBytes(32);
  const id = idBytes.toString("base64url");
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const cose = Buffer.concat([
    Buffer.from("a5010203262001215820", "hex"),
    Buffer.from(x, "base64url"),
    Buffer.from("225820", "hex"),
    Buffer.from(y, "base64url"),
  ]);
  const clientData = (type: string, challenge: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const data = (flags: number): Buffer => Buffer.concat([sha256(rpId), Buffer.from([flags]), Buffer.alloc(4)]);
  const envelope = { id, rawId: id, type: "public-key", clientExtensionResults: {} } as const;
  return {
    id,
    publicKey: new Uint8Array(cose),
    /** `RegistrationResponseJSON`. */
    register: (challenge: string) => {
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, idBytes.length]), idBytes, cose]);
      const authData = Buffer.concat([data(UP | UV | BE | BS | AT), attested]);
      // { fmt: "none", attStmt: {}, authData }
      const head = Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746158", "hex");
      const attestationObject = Buffer.concat([head, Buffer.from([authData.length]), authData]);
      return {
        ...envelope,
        response: {
          clientDataJSON: clientData("webauthn.create", challenge).toString("base64url"),
          attestationObject: attestationObject.toString("base64url"),
          transports: ["internal"],
        },
      };
    },
    /** `AuthenticationResponseJSON`. */
    use: (challenge: string, userHandle: string) => {
      const client = clientData("webauthn.get", challenge);
      const authenticatorData = data(UP | UV | BE | BS);
      return {
        ...envelope,
        response: {
          clientDataJSON: client.toString("base64url"),
          authenticatorData: authenticatorData.toString("base64url"),
          signature: sign("sha256", Buffer.concat([authenticatorData, sha256(client)]), privateKey).toString(
            "base64url",
          ),
          userHandle,
        },
      };
    },
  };
};
