import { isDomainError } from "../../kernel/errors.js";
import type { DocumentPlan } from "../tokens/document-plan.js";
import { openDocument, type OpenDeps } from "../tokens/open-document.js";
import { sealDocument, type SealDeps, type Values } from "../tokens/seal-document.js";
import { readHeader } from "../tokens/token.js";
import type { DocumentChange } from "./document-store.js";

export interface Resealing {
  readonly plan: DocumentPlan;
  readonly path: string;
  readonly subject: string;
  /** The document as it is stored. */
  readonly data: Readonly<Values>;
  /** What is written, and what goes. */
  readonly values: Readonly<Values>;
  readonly remove: readonly string[];
}

/**
 * The change that writes these values and, in the same write, everything else that is encrypted in the document under today's
 * keys. Nothing is disclosed: what is opened here goes straight back into tokens, so it is no access. L4 tokens stay as they
 * are, and count for `_ek` and `_bk`.
 */
export const resealDocument = async (deps: SealDeps & OpenDeps, resealing: Resealing): Promise<DocumentChange> => {
  const { plan, path, subject, data, values, remove } = resealing;
  const { name: collection, encrypted } = plan.collection;
  const opened = await openDocument(deps, { collection, path, data });
  const kept: Values = {};
  for (const { name } of encrypted) {
    const isToken = Object.hasOwn(opened, name) && !Object.hasOwn(data, name);
    if (isToken && !remove.includes(name)) kept[name] = opened[name];
  }
  const sealed = await sealDocument(deps, { collection, path, subject, values: { ...kept, ...values } });
  return { set: withHardware(resealing, sealed), remove, whole: true };
};

/** The same where that is worth a try: undefined when something stored cannot be opened now, which must not stop a write. */
export const tryReseal = async (
  deps: SealDeps & OpenDeps,
  resealing: Resealing,
): Promise<DocumentChange | undefined> => {
  try {
    return await resealDocument(deps, resealing);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return undefined;
  }
};

/** Whether a write in parts is impossible: one token holds all encrypted fields. */
export const isBlob = ({ whole }: DocumentPlan): boolean => whole !== undefined;

const withHardware = ({ plan, data, values, remove }: Resealing, sealed: Values): Values => {
  const stays = (name: string) => !Object.hasOwn(values, name) && !remove.includes(name);
  const hardware = plan.collection.encrypted.filter(({ name, hardware: isL4 }) => isL4 === true && stays(name));
  const kept = (map: string) => {
    const stored = (data[map] ?? {}) as Record<string, Uint8Array>;
    return Object.fromEntries(hardware.flatMap(({ name }) => (stored[name] ? [[name, stored[name]]] : [])));
  };
  const [tokens, indexes] = [kept("_e"), kept("_b")];
  const versions = Object.values(tokens).map((token) => readHeader(Buffer.from(token)).keyId);
  const all: Values = { ...sealed };
  all["_e"] = { ...(sealed["_e"] as object | undefined), ...tokens };
  all["_b"] = { ...(sealed["_b"] as object | undefined), ...indexes };
  lowest(all, "_ek", versions);
  lowest(all, "_bk", Object.keys(indexes).length > 0 ? [data["_bk"]] : []);
  return all;
};

const lowest = (set: Values, mark: "_ek" | "_bk", others: readonly unknown[]): void => {
  const numbers = [set[mark], ...others].filter((value) => typeof value === "number");
  if (numbers.length > 0) set[mark] = Math.min(...numbers);
};
