import type { HeldFile, OpenedHeldFile } from "../encryption/index.js";

/** A file of an encrypted folder as a line of the export, its content as base64, written while it is decrypted. */
export async function* heldFileText(
  folder: string,
  { file, size, at, finished }: HeldFile,
  { contentType, name, content }: OpenedHeldFile,
): AsyncGenerator<string> {
  const facts = { folder, file, name, contentType, bytes: size, at: new Date(at).toISOString(), finished };
  const head = JSON.stringify(facts);
  if (content === undefined) {
    yield head;
    return;
  }
  yield `${head.slice(0, -1)},"content":"`;
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of content) {
    // Base64 turns three bytes into four characters: what is over waits for the next chunk.
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 3);
    yield bytes.toString("base64", 0, whole);
    rest = bytes.subarray(whole);
  }
  yield `${Buffer.from(rest).toString("base64")}"}`;
}
