import { createHash, createPublicKey, verify } from "node:crypto";
import { concat } from "../kernel/bytes.js";
import type { Signer } from "./signed-statement.js";

/** What a checkpoint says: the log called `origin` had these leaves. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/**
 * A signed note (C2SP tlog-checkpoint and signed-note): three lines of text, an empty line, and a signature line
 * `— name base64(key hash (4) || Ed25519 signature (64))`. The signature is over the text with its last newline.
 */
export const signCheckpoint = async (
  signer: Signer,
  checkpoint: Checkpoint,
): Promise<{ note: string; keyVersion: string; publicKey: string }> => {
  const text = `${checkpoint.origin}\n${String(checkpoint.size)}\n${checkpoint.root.toString("base64")}\n`;
  const { signature, keyVersion, publicKey } = await signer.sign(Buffer.from(text, "utf8"));
  const line = concat(keyHash(checkpoint.origin, publicKey), signature).toString("base64");
  return { note: `${text}\n— ${checkpoint.origin} ${line}\n`, keyVersion, publicKey };
};

/** What the note says when the trusted key signed it under the log's own name, else undefined. Further signers are ignored. */
export const openCheckpoint = (note: string, trustedPublicKeyPem: string): Checkpoint | undefined => {
  const [text = "", lines = ""] = splitNote(note);
  const match = /^([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n/.exec(text);
  const [, origin = "", size = "", root = ""] = match ?? [];
  if (match === null || !Number.isSafeInteger(Number(size))) return undefined;
  const key = createPublicKey(trustedPublicKeyPem);
  const isSigned = lines.split("\n").some((line) => {
    const [dash, name, encoded = ""] = line.split(" ");
    const bytes = Buffer.from(encoded, "base64");
    if (dash !== "—" || name !== origin || bytes.length !== 4 + 64 || bytes.toString("base64") !== encoded)
      return false;
    if (!bytes.subarray(0, 4).equals(keyHash(origin, trustedPublicKeyPem))) return false;
    return verify(null, Buffer.from(text, "utf8"), key, bytes.subarray(4));
  });
  return isSigned ? { origin, size: Number(size), root: Buffer.from(root, "base64") } : undefined;
};

const splitNote = (note: string): [string, string] | [] => {
  const at = note.indexOf("\n\n");
  return at < 0 ? [] : [note.slice(0, at + 1), note.slice(at + 2)];
};

/** signed-note: SHA-256(name || 0x0A || 0x01 for Ed25519 || public key (32))[:4]. A hint that tells keys apart. */
const keyHash = (name: string, publicKeyPem: string): Buffer => {
  const raw = createPublicKey(publicKeyPem).export({ format: "der", type: "spki" }).subarray(-32);
  return createHash("sha256")
    .update(concat(Buffer.from(`${name}\n`, "utf8"), Buffer.from([1]), raw))
    .digest()
    .subarray(0, 4);
};
