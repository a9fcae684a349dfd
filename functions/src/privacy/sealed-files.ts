import { Readable } from "node:stream";
import type { openObject, sealObject } from "../encryption/index.js";
import type { Files } from "./files.js";

/**
 * The bucket, in which exports lie encrypted under the keys of the person they are about: who reads the bucket reads none,
 * and copies that outlive the person die with their keys. Written and read are exports only.
 */
export const sealedFiles = (
  files: Files,
  crypto: { readonly sealObject: typeof sealObject; readonly openObject: typeof openObject },
): Files => ({
  ...files,
  write: (name, content) => {
    const source = typeof content === "string" ? Readable.from([content]) : content;
    return files.write(name, Readable.from(crypto.sealObject(placeOf(name), bytesOf(source))));
  },
  read: async (name) => {
    const content = await files.read(name);
    return content && Readable.from(crypto.openObject(placeOf(name), content as AsyncIterable<Buffer>));
  },
});

async function* bytesOf(source: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of source) yield typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Buffer);
}

const placeOf = (name: string): { name: string; subject: string } => {
  const [, subject] = /^exports\/([^/]+)\/./.exec(name) ?? [];
  if (subject === undefined) throw new TypeError("only exports are written");
  return { name, subject };
};
