import type {
  DocumentReference,
  Firestore,
  Query,
  QueryDocumentSnapshot,
  WhereFilterOp,
} from "firebase-admin/firestore";
import type { CollectionDeclaration } from "../../kernel/data-map/declaration.js";
import { matchPath, type PathParams } from "../../kernel/data-map/paths.js";
import { isDomainError } from "../../kernel/errors.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { encryptionError } from "../errors.js";
import { indexValue } from "../indexes/blind-index.js";
import type { HashKeys } from "../indexes/hash-keys.js";
import type { IndexRoot } from "../indexes/index-root.js";
import { isSameValue } from "../indexes/same-value.js";
import type { DocumentPlan } from "../tokens/document-plan.js";
import { openDocument } from "../tokens/open-document.js";
import type { Values } from "../tokens/seal-document.js";
import { checkFilter, checkPlain, fieldOf, MOST_ALTERNATIVES } from "./check-use.js";
import { inChunks } from "./in-chunks.js";
import { noteOpened, type ReadDeps } from "./open-documents.js";
import { readWith, type Reader, type Reading } from "./reader.js";
import type { Filter, Model, Order, ParamsOf, PlainField } from "./typed-collection.js";

export interface Found<C extends CollectionDeclaration> {
  readonly ref: DocumentReference;
  readonly params: ParamsOf<C>;
  readonly values: Model<C>;
  /** As it is stored: where the next page starts. */
  readonly snapshot: QueryDocumentSnapshot;
}

/**
 * A Firestore query that knows which fields are encrypted: equality on looked-up ones goes to their blind indexes and is held
 * against the true values; what ciphertext cannot answer is refused when it is asked for (encryption/field-encrypted). Each
 * method gives a new query.
 */
export interface EncryptedQuery<C extends CollectionDeclaration> {
  /** @throws encryption/field-encrypted, -field-unknown, -value-not-normal, -query-too-wide */
  where(...filter: Filter<C>): EncryptedQuery<C>;
  orderBy(...order: Order<C>): EncryptedQuery<C>;
  /** Values of the fields it is ordered by, or a snapshot. */
  startAt(...from: readonly unknown[]): EncryptedQuery<C>;
  startAfter(...from: readonly unknown[]): EncryptedQuery<C>;
  endAt(...to: readonly unknown[]): EncryptedQuery<C>;
  endBefore(...to: readonly unknown[]): EncryptedQuery<C>;
  limit(count: number): EncryptedQuery<C>;
  under(params: Partial<ParamsOf<C>>): EncryptedQuery<C>;
  /** The documents, each opening on record. Those of people who were erased are left out. */
  get(reader: Reader): Promise<Found<C>[]>;
  /** How many there are by their indexes; nothing is opened. */
  count(): Promise<number>;
  sum(field: PlainField<C>): Promise<number>;
  average(field: PlainField<C>): Promise<number | null>;
  /** The query for Firestore itself, as for a transaction; hold what it finds against `holds`. */
  query(): Promise<Query>;
  /** Whether these true values are what was asked for. */
  holds(values: Readonly<Values>): boolean;
}

export type QueryDeps = ReadDeps & { readonly firestore: () => Firestore; readonly indexRoot: IndexRoot };

interface Condition {
  readonly path: string;
  readonly op: WhereFilterOp;
  readonly value: unknown;
  /** Whether it asks for an encrypted field. */
  readonly isLookup: boolean;
}

interface Asked {
  readonly conditions: readonly Condition[];
  /** Order, cursors: what goes to Firestore as it is. */
  readonly steps: readonly ((query: Query) => Query)[];
  readonly limit?: number;
  readonly params?: object;
}

export const encryptedQuery = <C extends CollectionDeclaration>(
  deps: QueryDeps,
  plan: DocumentPlan,
  asked: Asked = { conditions: [], steps: [] },
): EncryptedQuery<C> => {
  const more = (change: Partial<Asked>) => encryptedQuery<C>(deps, plan, { ...asked, ...change });
  const step = (add: (query: Query) => Query) => more({ steps: [...asked.steps, add] });
  const built = () => build(deps, plan, asked);
  return {
    where: (...[path, op, value]) => {
      const isLookup = checkFilter(plan, path, op);
      if (isLookup) checkValues(plan, path, alternativesOf({ op, value }));
      const conditions = [...asked.conditions, { path, op, value, isLookup }];
      checkWidth(conditions, 1);
      return more({ conditions });
    },
    orderBy: (path, direction) => {
      checkPlain(plan, path, "orderBy");
      return step((query) => query.orderBy(path, direction));
    },
    startAt: (...from) => step((query) => query.startAt(...from)),
    startAfter: (...from) => step((query) => query.startAfter(...from)),
    endAt: (...to) => step((query) => query.endAt(...to)),
    endBefore: (...to) => step((query) => query.endBefore(...to)),
    limit: (limit) => more({ limit }),
    under: (params) => more({ params }),
    get: (reader) =>
      readWith(deps, reader, async (reading) => findAll<C>(deps, plan, { asked, reading, query: await built() })),
    count: async () =>
      (
        await limited(await built(), asked)
          .count()
          .get()
      ).data().count,
    sum: async (field) => {
      checkPlain(plan, field, "sum");
      const { AggregateField } = adminFirestoreSdk();
      return (
        await limited(await built(), asked)
          .aggregate({ sum: AggregateField.sum(field) })
          .get()
      ).data().sum;
    },
    average: async (field) => {
      checkPlain(plan, field, "average");
      const { AggregateField } = adminFirestoreSdk();
      const found = limited(await built(), asked).aggregate({ average: AggregateField.average(field) });
      return (await found.get()).data().average;
    },
    query: async () => limited(await built(), asked),
    holds: (values) => holds(plan, asked, values),
  };
};

/** The values that a condition has one alternative for, each. */
const alternativesOf = ({ op, value }: Pick<Condition, "op" | "value">): readonly unknown[] =>
  (op === "in" || op === "not-in" || op === "array-contains-any") && Array.isArray(value)
    ? (value as unknown[])
    : [value];

const checkValues = (plan: DocumentPlan, path: string, values: readonly unknown[]): void => {
  const field = fieldOf(plan, path);
  const { name, type } = field.field;
  for (const value of values) {
    const isNumber = typeof value === "number" || typeof value === "bigint";
    if (type === "number" ? !isNumber : typeof value !== "string")
      throw encryptionError("field-wrong-type", { details: { field: name, expected: type } });
    if (!isSameValue(field, value, value))
      throw encryptionError("value-not-normal", { details: { field: name, form: field.field.lookup } });
  }
};

/** Firestore takes 30 alternatives a query: the lengths of all lists multiplied, and by the index roots in force. */
const checkWidth = (conditions: readonly Condition[], roots: number): void => {
  const width = conditions
    .filter(({ op }) => op !== "not-in")
    .reduce((product, condition) => product * alternativesOf(condition).length * (condition.isLookup ? roots : 1), 1);
  if (width <= MOST_ALTERNATIVES) return;
  const fields = conditions.filter((condition) => alternativesOf(condition).length > 1).map(({ path }) => path);
  throw encryptionError("query-too-wide", { details: { fields, alternatives: width, most: MOST_ALTERNATIVES } });
};

const build = async (deps: QueryDeps, plan: DocumentPlan, { conditions, steps, params }: Asked): Promise<Query> => {
  const { FieldPath: Path } = adminFirestoreSdk();
  const isLookup = conditions.some((condition) => condition.isLookup);
  const roots = isLookup ? (deps.indexRoot.held() ?? (await deps.indexRoot.warm())).every : [];
  checkWidth(conditions, roots.length);
  let query = sourceOf(deps.firestore(), plan, params);
  for (const condition of conditions) {
    const { path, op, value } = condition;
    query = condition.isLookup
      ? query.where(new Path("_b", path), "in", tokensOf(plan, condition, roots))
      : query.where(new Path(...path.split(".")), op, value);
  }
  return steps.reduce((so, step) => step(so), query);
};

const tokensOf = (plan: DocumentPlan, condition: Condition, roots: readonly HashKeys[]): Uint8Array[] =>
  alternativesOf(condition).flatMap((value) =>
    roots.map((root) => indexValue(root, fieldOf(plan, condition.path), value as string | number | bigint)),
  );

const limited = (query: Query, { limit }: Asked): Query => (limit === undefined ? query : query.limit(limit));

/** The collection's documents: within one parent where that is known, wherever they are nested otherwise. */
const sourceOf = (firestore: Firestore, { collection }: DocumentPlan, params: object = {}): Query => {
  const { path, group } = collection;
  const given = params as PathParams;
  const parent = path
    .slice(0, path.lastIndexOf("/"))
    .replace(/\{(\w+)\}/gu, (variable, name: string) => given[name] ?? variable);
  return parent.includes("{") ? firestore.collectionGroup(group) : firestore.collection(parent);
};

const A_PAGE = 300;

interface Finding {
  readonly asked: Asked;
  readonly reading: Reading;
  readonly query: Query;
}

/** Pages on until there are as many as were asked for: an index may find a document whose value is another one by now. */
const findAll = async <C extends CollectionDeclaration>(
  deps: QueryDeps,
  plan: DocumentPlan,
  { asked, reading, query }: Finding,
): Promise<Found<C>[]> => {
  const { limit = Infinity } = asked;
  const found: Found<C>[] = [];
  let from = query;
  while (found.length < limit) {
    const size = Math.min(A_PAGE, limit - found.length);
    const { docs } = await from.limit(size).get();
    const opened = await inChunks(docs, (snapshot) => openFound<C>(deps, plan, { asked, reading, snapshot }));
    found.push(...opened.filter((document) => document !== undefined));
    const last = docs.at(-1);
    if (last === undefined || docs.length < size) break;
    from = query.startAfter(last);
  }
  return found;
};

const openFound = async <C extends CollectionDeclaration>(
  deps: QueryDeps,
  plan: DocumentPlan,
  { asked, reading, snapshot }: Pick<Finding, "asked" | "reading"> & { snapshot: QueryDocumentSnapshot },
): Promise<Found<C> | undefined> => {
  const params = matchPath(plan.collection.path, snapshot.ref.path);
  // A collection group also finds collections of the same name elsewhere.
  if (params === undefined) return undefined;
  const request = { collection: plan.collection.name, path: snapshot.ref.path, data: snapshot.data() };
  try {
    const values = await openDocument(deps, request);
    if (!holds(plan, asked, values)) return undefined;
    noteOpened(deps, reading, request, values);
    return { ref: snapshot.ref, params, values: values as Model<C>, snapshot };
  } catch (error) {
    if (isDomainError(error, "encryption/key-missing")) return undefined;
    throw error;
  }
};

const holds = (plan: DocumentPlan, { conditions }: Asked, values: Readonly<Values>): boolean =>
  conditions.every(
    (condition) =>
      !condition.isLookup ||
      alternativesOf(condition).some((wanted) =>
        isSameValue(fieldOf(plan, condition.path), values[condition.path], wanted),
      ),
  );
