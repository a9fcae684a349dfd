import type {
  DocumentReference,
  FieldValue,
  GeoPoint,
  OrderByDirection,
  Timestamp,
  WhereFilterOp,
} from "firebase-admin/firestore";
import type { CollectionDeclaration, FieldDeclaration, FieldType } from "../../kernel/data-map/declaration.js";

/**
 * What the compiler knows of a collection from a data map that is declared `as const`: its values, which fields are encrypted,
 * what can be asked for. Of a declaration whose types are wide, everything passes here and is checked when it is called.
 */
type Fields<C extends CollectionDeclaration> = C["fields"];
type NameOf<C extends CollectionDeclaration> = keyof Fields<C> & string;

type IsPlain<F extends FieldDeclaration> = F extends { readonly stored: "plain" } | { readonly class: "GREEN" }
  ? true
  : false;

/** Fields stored as they are. */
export type PlainField<C extends CollectionDeclaration> = {
  [Name in NameOf<C>]: string extends Name ? string : IsPlain<Fields<C>[Name]> extends true ? Name : never;
}[NameOf<C>];

/** Encrypted fields that can be searched by equality. */
export type FindableField<C extends CollectionDeclaration> = {
  [Name in NameOf<C>]: string extends Name
    ? string
    : Fields<C>[Name] extends { readonly lookup: string }
      ? Name
      : never;
}[NameOf<C>];

/** A plain field, or a part of one that is a map: `settings.theme`. */
export type PlainPath<C extends CollectionDeclaration> = PlainField<C> | `${PlainField<C>}.${string}`;

interface Stored {
  readonly string: string;
  readonly number: number | bigint;
  readonly boolean: boolean;
  readonly timestamp: Timestamp;
  readonly map: Record<string, unknown>;
  readonly array: unknown[];
  readonly bytes: Uint8Array;
  readonly geopoint: GeoPoint;
  readonly reference: DocumentReference;
}

type Read<T extends FieldType> = Stored[T];
type Written<T extends FieldType> = T extends "timestamp"
  ? Timestamp | Date
  : T extends "array"
    ? readonly unknown[]
    : Stored[T];

/** A document's values, decrypted. */
export type Model<C extends CollectionDeclaration> = { [Name in NameOf<C>]?: Read<Fields<C>[Name]["type"]> };

/** A document's values as they are given to be written. Server-side transforms are for plain fields; null removes a field. */
export type Draft<C extends CollectionDeclaration> = {
  readonly [Name in NameOf<C>]?:
    Written<Fields<C>[Name]["type"]> | (Name extends PlainField<C> ? FieldValue : never) | null | undefined;
};

/** What `update` takes: whole fields, and parts of plain maps by dotted path. */
export type Changes<C extends CollectionDeclaration> = Draft<C> &
  Readonly<Partial<Record<`${PlainField<C>}.${string}`, unknown>>>;

/** Values of the path's variables: `{ uid: string }` for `profiles/{uid}`. */
export type ParamsOf<C extends CollectionDeclaration> = string extends C["path"]
  ? Readonly<Record<string, string>>
  : Readonly<Record<Variables<C["path"]>, string>>;

type Variables<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Variables<Rest>
  : never;

/** The arguments of `where`. An encrypted field has equality, and only where it is looked up. */
export type Filter<C extends CollectionDeclaration> =
  | [field: PlainPath<C>, op: WhereFilterOp, value: unknown]
  | [field: FindableField<C>, op: "==", value: string | number | bigint]
  | [field: FindableField<C>, op: "in", value: readonly (string | number | bigint)[]];

/** The arguments of `orderBy`. */
export type Order<C extends CollectionDeclaration> = [field: PlainPath<C>, direction?: OrderByDirection];

/**
 * A document as it is stored. Firestore's own `update` takes this type, so that an encrypted field's value cannot be written
 * past the encryption.
 */
export type StoredModel<C extends CollectionDeclaration> = {
  [Name in PlainField<C>]?: Read<Fields<C>[Name]["type"]>;
} & {
  _e?: Record<string, Uint8Array>;
  _b?: Record<string, Uint8Array>;
  _ek?: number;
  _bk?: number;
};
