import type { DocumentData } from "firebase-admin/firestore";
import type { Collection } from "../../kernel/data-map/map.js";
import { matchPath } from "../../kernel/data-map/paths.js";
import { ownSecrets, type SecretHome } from "../../platform/own-data/secrets.js";
import { encryptionError } from "../errors.js";
import { SECRET_VERSION, secretPlaceBytes } from "../tokens/seal-secret.js";
import { openToken, readHeader, sealToken } from "../tokens/token.js";
import { itemOf } from "./document-item.js";
import type { ResealDeps } from "./reseal-document.js";
import type { Part } from "./sweep.js";
import type { SweepDocuments, SweptDocument } from "./sweep-documents.js";

type Deps = ResealDeps & { readonly documents: SweepDocuments };

/** The collections that keep sealed secrets. No number tells which are old: every document is looked at. */
export const secretParts = (deps: Deps, epoch: number): Part[] =>
  [...new Set(ownSecrets.map(({ collection }) => collection))].map((name) => {
    const collection = deps.dataMap().collection(name);
    const homes = ownSecrets.filter((home) => home.collection === name);
    const reseal = (document: SweptDocument) => resealSecrets(deps, { collection, homes, document, epoch });
    return {
      name: `${name} (secrets)`,
      count: () => Promise.resolve(0),
      page: async (cursor, limit) => {
        const page = await deps.documents.all(collection, { limit, ...(cursor !== "" && { after: cursor }) });
        return {
          items: page.documents.map((document) => itemOf(deps.documents, document, undefined, reseal)),
          ...(page.next !== undefined && { next: page.next }),
        };
      },
    };
  });

/** The fields in which a token was older, whole; undefined when none was. */
const resealSecrets = async (
  deps: Deps,
  {
    collection,
    homes,
    document: { path, data },
    epoch,
  }: { collection: Collection; homes: readonly SecretHome[]; document: SweptDocument; epoch: number },
): Promise<DocumentData | undefined> => {
  const changed: DocumentData = {};
  const outside = { ...matchPath(collection.path, path), ...data };
  for (const home of homes) {
    const { field, entry } = home;
    const value: unknown = data[field];
    const reseal = (token: unknown, around: object) =>
      resealSecret(deps, { token, place: placeOf(home, { ...outside, ...around }), epoch });
    const inMap = async (map: unknown): Promise<unknown> => {
      if (entry === undefined || typeof map !== "object" || map === null) return undefined;
      const next = await reseal((map as Readonly<Record<string, unknown>>)[entry], map);
      return next === undefined ? undefined : { ...map, [entry]: next };
    };
    const next =
      entry === undefined
        ? await reseal(value, {})
        : Array.isArray(value)
          ? await inEach(value, inMap)
          : await inMap(value);
    if (next !== undefined) changed[field] = next;
  }
  return Object.keys(changed).length === 0 ? undefined : changed;
};

const inEach = async (
  values: readonly unknown[],
  remake: (value: unknown) => Promise<unknown>,
): Promise<unknown[] | undefined> => {
  const next: unknown[] = [];
  let moved = false;
  for (const value of values) {
    const made = await remake(value);
    moved ||= made !== undefined;
    next.push(made ?? value);
  }
  return moved ? next : undefined;
};

interface Place {
  readonly label: string;
  readonly subject: string;
}

const placeOf = ({ label, subject, otherwise }: SecretHome, around: Readonly<Record<string, unknown>>): Place => {
  const fill = (template: string): string =>
    template.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = around[name];
      return typeof value === "string" ? value : "";
    });
  const found = fill(subject);
  return { label: fill(label), subject: found === "" ? (otherwise ?? "") : found };
};

/** The same secret under the epoch's key; undefined when there is no token, or it is not older. */
const resealSecret = async (
  deps: ResealDeps,
  { token, place, epoch }: { token: unknown; place: Place; epoch: number },
): Promise<Buffer | undefined> => {
  if (!(token instanceof Uint8Array)) return undefined;
  const bytes = Buffer.from(token.buffer, token.byteOffset, token.byteLength);
  const { version, keyId } = readHeader(bytes);
  if (keyId >= epoch) return undefined;
  const old = await deps.keys.old(place.subject, "RED", keyId);
  const secret =
    version === SECRET_VERSION ? openToken(old.xaes, version, bytes, secretPlaceBytes(place, keyId)) : undefined;
  if (secret === undefined) throw encryptionError("undecryptable");
  const key = await deps.keys.next(place.subject, "RED", epoch);
  key.uses += 1;
  const sealed = sealToken(deps, key, {
    version: SECRET_VERSION,
    plaintext: secret,
    associatedData: secretPlaceBytes(place, key.id),
  });
  secret.fill(0);
  return sealed;
};
