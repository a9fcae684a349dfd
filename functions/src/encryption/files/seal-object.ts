import { encodeTuple } from "../../kernel/bytes.js";
import type { RandomBytes } from "../../kernel/random.js";
import { encryptionError } from "../errors.js";
import { openSecretToken, sealSecretToken } from "../tokens/seal-secret.js";
import { byteQueue } from "./byte-queue.js";
import { SEGMENT_OVERHEAD } from "./floe.js";
import { openStream, sealStream, type Chunks } from "./floe-stream.js";

/** An object of Firekeep's own that holds somebody's data, such as an export. */
export interface ObjectPlace {
  /** Its name in the bucket. */
  readonly name: string;
  /** Whose data it holds. */
  readonly subject: string;
}

type SealObjectDeps = Parameters<typeof sealSecretToken>[0] & { readonly random: RandomBytes };
type OpenObjectDeps = Parameters<typeof openSecretToken>[0];

const PARAMS = { segmentBytes: 64 * 1_024 + SEGMENT_OVERHEAD };
const LABEL = "object";

/**
 * An object that carries its own key: `length (2) || token || FLOE ciphertext`. The token is the content key under the
 * subject's RED key; name and subject are bound into both. Holds a segment at most, whatever the object's length.
 */
export async function* sealObject(deps: SealObjectDeps, place: ObjectPlace, source: Chunks): AsyncGenerator<Buffer> {
  const key = Buffer.from(deps.random(32));
  const token = await sealSecretToken(deps, { label: labelOf(place), subject: place.subject, secret: key });
  const length = Buffer.alloc(2);
  length.writeUInt16BE(token.length);
  yield Buffer.concat([length, token]);
  yield* sealStream(deps, { key, associatedData: bindingOf(place), params: PARAMS }, source);
}

/** What was sealed, each segment after it was verified. @throws encryption/undecryptable, encryption/key-missing */
export async function* openObject(deps: OpenObjectDeps, place: ObjectPlace, source: Chunks): AsyncGenerator<Buffer> {
  const chunks = iterate(source);
  const waiting = byteQueue();
  const fill = async (size: number): Promise<Buffer> => {
    while (waiting.length < size) {
      const next = await chunks.next();
      if (next.done === true) throw encryptionError("undecryptable");
      waiting.push(next.value);
    }
    return Buffer.from(waiting.join(size));
  };
  const token = await fill((await fill(2)).readUInt16BE());
  const key = await openSecretToken(deps, { label: labelOf(place), subject: place.subject, token });
  const rest = async function* () {
    yield* waiting.take(waiting.length);
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  };
  yield* openStream({ key, associatedData: bindingOf(place), params: PARAMS }, rest());
}

const labelOf = ({ name }: ObjectPlace): string => `${LABEL}:${name}`;

/** Tuple of `"object1"`, name, `"user:" + subject`. */
const bindingOf = ({ name, subject }: ObjectPlace): Buffer => encodeTuple(["object1", name, `user:${subject}`]);

async function* iterate(source: Chunks): AsyncGenerator<Uint8Array> {
  yield* source;
}
