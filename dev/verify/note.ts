import { createHash, verify } from "node:crypto";
import { readKey } from "./keys.ts";

export interface Note {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

/** What a signed note says (C2SP tlog-checkpoint) if the key signed it, else undefined. */
export const openNote = (note: string, keyPem: string): Note | undefined => {
  const key = readKey(keyPem);
  const end = note.indexOf("\n\n");
  const text = note.slice(0, end + 1);
  const [origin = "", size = "", root = "", rest] = text.split("\n");
  if (end < 0 || rest !== "" || text.split("\n").length !== 4 || !/^(0|[1-9]\d*)$/.test(size)) return undefined;
  const raw = key.export({ format: "der", type: "spki" }).subarray(-32);
  const hint = createHash("sha256")
    .update(`${origin}\n`)
    .update(Buffer.from([1]))
    .update(raw)
    .digest()
    .subarray(0, 4);
  const isSigned = note
    .slice(end + 2)
    .split("\n")
    .filter((line) => line.startsWith(`— ${origin} `))
    .map((line) => decode(line.slice(`— ${origin} `.length)))
    .some((bytes) => bytes.subarray(0, 4).equals(hint) && verify(null, Buffer.from(text), key, bytes.subarray(4)));
  return isSigned ? { origin, size: Number(size), root } : undefined;
};

// Node skips what is not base64 and ignores unused bits: only the one right way to write the bytes will do.
const decode = (text: string): Buffer => {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : Buffer.alloc(0);
};
