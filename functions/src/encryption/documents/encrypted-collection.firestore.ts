import type { DocumentReference, Firestore } from "firebase-admin/firestore";
import type { CollectionDeclaration } from "../../kernel/data-map/declaration.js";
import { wins } from "../../platform/lost-race.js";
import { encryptionError } from "../errors.js";
import type { DataKeyStore } from "../keys/data-key-store.js";
import { planOf, type DocumentPlan } from "../tokens/document-plan.js";
import type { OpenDeps } from "../tokens/open-document.js";
import { sealDocument, type SealDeps, type Values } from "../tokens/seal-document.js";
import { referenceOf, requestOf } from "./document-place.firestore.js";
import { updatesOf } from "./lower-change.firestore.js";
import { checkSubjectStays, mergeOf, readDraft, updateOf, type Draft as ReadDraft } from "./lower-draft.firestore.js";
import { openDocuments } from "./open-documents.js";
import { encryptedQuery, type EncryptedQuery } from "./query.firestore.js";
import type { Reader, ReadingDeps } from "./reader.js";
import { isBlob, resealDocument } from "./reseal-document.js";
import type { Changes, Draft, Filter, Model, Order, ParamsOf } from "./typed-collection.js";
import { warmCollection, type PlaceOptions, type Snapshot, type WarmCollection } from "./warm-collection.firestore.js";
import { warmKeys, type WarmOptions } from "./warm-keys.js";

/** A collection of the data map, as admin code uses it: values go in and come out as they are, ciphertext is what is stored. */
export interface EncryptedCollection<C extends CollectionDeclaration> {
  /** The document as it is stored. */
  doc(params: ParamsOf<C>): DocumentReference;
  /** The document's values, or undefined when there is none. The access is on record before they are returned. */
  get(params: ParamsOf<C>, reader: Reader): Promise<Model<C> | undefined>;
  /** @throws Firestore's ALREADY_EXISTS */
  create(params: ParamsOf<C>, values: Draft<C>, options?: PlaceOptions): Promise<void>;
  /** Replaces the document; with `merge`, keeps the fields that are not named. */
  set(params: ParamsOf<C>, values: Draft<C>, options?: { readonly merge?: boolean } & PlaceOptions): Promise<void>;
  /** Writes the named fields of a document that is there; null removes one, a dotted path is a part of a plain map. */
  update(params: ParamsOf<C>, changes: Changes<C>, options?: PlaceOptions): Promise<void>;
  /** Values of documents that were read already, in order: one warming, one entry each, all recorded in one write. */
  open(snapshots: readonly Snapshot[], reader: Reader): Promise<Model<C>[]>;
  where(...filter: Filter<C>): EncryptedQuery<C>;
  orderBy(...order: Order<C>): EncryptedQuery<C>;
  /** Within one parent document, for a nested collection: `under({ chat })`. */
  under(params: Partial<ParamsOf<C>>): EncryptedQuery<C>;
  /** Fetches the keys of these people, for what must not wait: transactions, batches, converters. */
  warm(subjects: string | readonly string[], options?: WarmOptions): Promise<WarmCollection<C>>;
}

export interface CollectionDeps extends SealDeps, OpenDeps, ReadingDeps {
  readonly firestore: () => Firestore;
  readonly store: DataKeyStore;
}

/** Nothing is loaded before it is used. @throws encryption/collection-unknown, then */
export const encryptedCollection = <C extends CollectionDeclaration>(
  deps: () => CollectionDeps,
  name: string,
): EncryptedCollection<C> => {
  const plan = () => planOf(deps().dataMap(), name);
  const at = (params: object) => referenceOf(deps().firestore(), plan(), params);
  const seal = (params: object, values: Values, { whole, ...options }: PlaceOptions & { whole: boolean }) =>
    sealDocument(deps(), requestOf(plan(), { params, path: at(params).path, values, whole, ...options }));
  const open = (snapshots: readonly Snapshot[], reader: Reader) =>
    openDocuments(
      deps(),
      snapshots.map((snapshot) => requestFor(name, snapshot)),
      reader,
    ) as Promise<Model<C>[]>;
  const query = () => encryptedQuery<C>(deps(), plan());
  return {
    doc: at,
    get: async (params, reader) => {
      const snapshot = await at(params).get();
      return snapshot.exists ? (await open([snapshot], reader))[0] : undefined;
    },
    create: async (params, values, options) => {
      await at(params).create(await seal(params, readDraft(plan(), values).values, { whole: true, ...options }));
    },
    set: async (params, values, { merge = false, ...options } = {}) => {
      const draft = readDraft(plan(), values);
      if (!merge) await at(params).set(await seal(params, draft.values, { whole: true, ...options }));
      else if (isBlob(plan())) await rewrite(deps(), plan(), at(params), { draft, create: true, params, ...options });
      else {
        const sealed = await seal(params, draft.values, { whole: false, ...options });
        await at(params).set(mergeOf(plan(), sealed, draft), { merge });
      }
    },
    update: async (params, changes, options) => {
      const draft = readDraft(plan(), changes);
      checkSubjectStays(plan(), draft);
      const place = { ...(await whose(plan(), at(params), draft)), ...options };
      if (isBlob(plan())) return rewrite(deps(), plan(), at(params), { draft, create: false, params, ...place });
      const [[field, value], ...rest] = updateOf(await seal(params, draft.values, { whole: false, ...place }), draft);
      await at(params).update(field, value, ...rest.flat());
    },
    open,
    where: (...filter) => query().where(...filter),
    orderBy: (...order) => query().orderBy(...order),
    under: (params) => query().under(params),
    warm: async (subjects, options) => {
      const people = typeof subjects === "string" ? [subjects] : subjects;
      const [keys] = await Promise.all([
        warmKeys(deps(), plan(), { subjects: people, ...options }),
        hasLookup(plan()) ? deps().indexRoot.warm() : undefined,
      ]);
      return warmCollection<C>({ deps: deps(), plan: plan(), keys });
    },
  };
};

const requestFor = (collection: string, snapshot: Snapshot) => ({
  collection,
  path: snapshot.ref.path,
  data: snapshot.data() ?? {},
});

const hasLookup = ({ collection }: DocumentPlan): boolean =>
  collection.encrypted.some((field) => field.lookup !== undefined);

/** Whose document it is, from the document itself, where neither the path nor the change says so. */
const whose = async (
  { collection: { subject: by, encrypted } }: DocumentPlan,
  reference: DocumentReference,
  { values }: ReadDraft,
): Promise<PlaceOptions> => {
  const touches = encrypted.some(({ name }) => Object.hasOwn(values, name));
  if (by.by !== "field" || !touches) return {};
  const subject: unknown = (await reference.get()).get(by.field);
  return typeof subject === "string" ? { subject } : {};
};

const TRIES = 4;

interface Rewrite extends PlaceOptions {
  readonly draft: ReadDraft;
  readonly create: boolean;
  readonly params: object;
}

/** A write in parts where one token holds everything: read, opened, merged, sealed, and written if nobody else was quicker. */
const rewrite = async (
  deps: CollectionDeps,
  plan: DocumentPlan,
  reference: DocumentReference,
  { draft, create, ...place }: Rewrite,
): Promise<void> => {
  const { values, remove } = draft;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const snapshot = await reference.get();
    const [data, lastUpdateTime] = [snapshot.data(), snapshot.updateTime];
    if (data === undefined || lastUpdateTime === undefined) {
      if (!create) throw encryptionError("not-found");
      const sealed = await sealDocument(deps, requestOf(plan, { ...place, path: reference.path, values, whole: true }));
      if (await wins(reference.create(sealed))) return;
      continue;
    }
    const { subject } = requestOf(plan, {
      ...place,
      path: reference.path,
      values: { ...data, ...values },
      whole: false,
    });
    const change = await resealDocument(deps, { plan, path: reference.path, subject, data, values, remove });
    const [[field, value], ...rest] = updatesOf(change);
    if (await wins(reference.update(field, value, ...rest.flat(), { lastUpdateTime }))) return;
  }
  throw encryptionError("write-conflict");
};
