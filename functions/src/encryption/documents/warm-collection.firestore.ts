import type {
  DocumentData,
  DocumentReference,
  FieldPath,
  Firestore,
  FirestoreDataConverter,
  QueryDocumentSnapshot,
  SetOptions,
} from "firebase-admin/firestore";
import type { CollectionDeclaration } from "../../kernel/data-map/declaration.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { encryptionError } from "../errors.js";
import type { Keys } from "../keys/data-keys.js";
import type { DocumentPlan } from "../tokens/document-plan.js";
import { openWithKeys, type OpenDeps } from "../tokens/open-document.js";
import { sealWithKeys, type SealDeps, type Values } from "../tokens/seal-document.js";
import {
  checkParts,
  checkSubjectStays,
  maskedOf,
  maskOf,
  mergeOf,
  readDraft,
  updateOf,
} from "./lower-draft.firestore.js";
import { noteOpened } from "./open-documents.js";
import type { Reading } from "./reader.js";
import { referenceOf, requestOf } from "./document-place.firestore.js";
import type { Changes, Draft, Model, ParamsOf, StoredModel } from "./typed-collection.js";

/** Whatever takes writes: a transaction, a batch, a bulk writer. */
export interface Writer {
  create(reference: DocumentReference, data: DocumentData): unknown;
  set(reference: DocumentReference, data: DocumentData, options: SetOptions): unknown;
  update(reference: DocumentReference, field: FieldPath, value: unknown, ...more: unknown[]): unknown;
}

export interface PlaceOptions {
  /** Whose document it is, where its own field says so and is not among the values. */
  readonly subject?: string;
}

/**
 * A collection whose keys are in memory: everything here is synchronous and asks nobody, so that it belongs into transactions,
 * batches and bulk writers. Good for `config.keys.cacheMs` at most; then each of these throws encryption/keys-cold.
 */
export interface WarmCollection<C extends CollectionDeclaration> {
  create(writer: Writer, params: ParamsOf<C>, values: Draft<C>): void;
  /** Replaces the document; with `merge`, keeps the fields that are not named. */
  set(
    writer: Writer,
    params: ParamsOf<C>,
    values: Draft<C>,
    options?: { readonly merge?: boolean } & PlaceOptions,
  ): void;
  /** Writes the named fields of a document that is there; null removes one, a dotted path is a part of a plain map. */
  update(writer: Writer, params: ParamsOf<C>, changes: Changes<C>, options?: PlaceOptions): void;
  /** A stored document's values. */
  open(snapshot: Snapshot, reading: Reading): Model<C>;
  /**
   * The document with a converter: `set` and `create` encrypt, `data()` decrypts. Firestore's own `update` takes stored fields
   * only (see `update` here), and its `mergeFields` takes what `mask` gives.
   */
  doc(
    params: ParamsOf<C>,
    options?: PlaceOptions & { readonly reading?: Reading },
  ): DocumentReference<Model<C>, StoredModel<C>>;
  /** For the results of queries: decrypts, and refuses to write, since it does not know which document it writes. */
  converter(reading: Reading): FirestoreDataConverter<Model<C>, StoredModel<C>>;
  /** The stored paths of these fields, for `set(…, { mergeFields })` on `doc()`. */
  mask(...fields: readonly (keyof C["fields"] & string)[]): FieldPath[];
}

/** What is needed of a document snapshot as Firestore gives it. */
export interface Snapshot {
  readonly ref: { readonly path: string };
  data(): DocumentData | undefined;
}

export interface WarmGround {
  readonly deps: SealDeps & OpenDeps & { readonly firestore: () => Firestore };
  readonly plan: DocumentPlan;
  readonly keys: Keys;
}

export const warmCollection = <C extends CollectionDeclaration>(ground: WarmGround): WarmCollection<C> => {
  const { deps, plan } = ground;
  const seal = (place: Place, values: Values, whole = false) => sealAt(ground, { ...place, values, whole });
  const at = (params: object) => referenceOf(deps.firestore(), plan, params);
  return {
    create: (writer, params, values) =>
      void writer.create(at(params), seal({ params }, readDraft(plan, values).values, true)),
    set: (writer, params, values, { merge = false, ...options } = {}) => {
      const draft = readDraft(plan, values);
      if (merge) checkParts(plan, draft);
      const sealed = seal({ params, ...options }, draft.values, !merge);
      writer.set(at(params), merge ? mergeOf(plan, sealed, draft) : sealed, { merge });
    },
    update: (writer, params, changes, options) => {
      const draft = readDraft(plan, changes);
      checkSubjectStays(plan, draft);
      checkParts(plan, draft);
      const [[field, value], ...rest] = updateOf(seal({ params, ...options }, draft.values), draft);
      writer.update(at(params), field, value, ...rest.flat());
    },
    open: (snapshot, reading) => openAt(ground, snapshot, reading) as Model<C>,
    doc: (params, { reading, ...options } = {}) =>
      at(params).withConverter(converterOf<C>(ground, { reading, place: { params, ...options } })),
    converter: (reading) => converterOf<C>(ground, { reading, place: undefined }),
    mask: (...fields) => maskOf(plan, fields),
  };
};

type Place = { readonly params: object } & PlaceOptions;

const sealAt = (
  { deps, plan, keys }: WarmGround,
  { values, whole, ...place }: Place & { readonly values: Values; readonly whole: boolean },
): DocumentData => {
  const { path } = referenceOf(deps.firestore(), plan, place.params);
  return sealWithKeys(deps, keys, requestOf(plan, { ...place, path, values, whole }));
};

const openAt = ({ deps, plan, keys }: WarmGround, snapshot: Snapshot, reading: Reading | undefined): Values => {
  const hasRed = plan.collection.encrypted.some((field) => field.class === "RED");
  if (reading === undefined && hasRed) throw encryptionError("reader-missing");
  const request = { collection: plan.collection.name, path: snapshot.ref.path, data: snapshot.data() ?? {} };
  const values = openWithKeys(deps, keys, request);
  return reading === undefined ? values : noteOpened(deps, reading, request, values);
};

const converterOf = <C extends CollectionDeclaration>(
  ground: WarmGround,
  { reading, place }: { reading: Reading | undefined; place: Place | undefined },
): FirestoreDataConverter<Model<C>, StoredModel<C>> => {
  const toFirestore = (values: object, options?: SetOptions): DocumentData => {
    if (place === undefined) throw encryptionError("path-wrong", { details: { remedy: "write with doc(params)" } });
    const { plan } = ground;
    const draft = readDraft(plan, values as Values);
    const sealed = sealAt(ground, { ...place, values: draft.values, whole: options === undefined });
    if (options === undefined) return sealed;
    checkParts(plan, draft);
    if (!("mergeFields" in options)) return mergeOf(plan, sealed, draft);
    checkMask(plan, options.mergeFields ?? []);
    return maskedOf(plan, sealed, draft);
  };
  const fromFirestore = (snapshot: QueryDocumentSnapshot) => openAt(ground, rawOf(snapshot), reading) as Model<C>;
  return { toFirestore, fromFirestore } as FirestoreDataConverter<Model<C>, StoredModel<C>>;
};

// The SDK hands a converter the snapshot without converter.
const rawOf = (snapshot: QueryDocumentSnapshot): Snapshot => ({ ref: snapshot.ref, data: () => snapshot.data() });

/** A mask of declared names would find nothing under them: the tokens lie under `_e`. */
const checkMask = ({ collection }: DocumentPlan, mask: readonly (string | FieldPath)[]): void => {
  const { FieldPath: Path } = adminFirestoreSdk();
  const isIn = (name: string) =>
    mask.some((path) => (typeof path === "string" ? path.split(".")[0] === name : path.isEqual(new Path(name))));
  const field = collection.encrypted.find(({ name }) => isIn(name))?.name;
  if (field === undefined) return;
  throw encryptionError("field-encrypted", { details: { field, operation: "mergeFields", remedy: "give it mask(…)" } });
};
