import type { CollectionDeclaration, DataMapDeclaration, FieldDeclaration, FolderDeclaration } from "./declaration.js";

/** A field with every default filled in. */
export interface Field extends FieldDeclaration {
  readonly name: string;
  readonly stored: "token" | "plain";
}

/** A collection, resolved: its name in the map, its path template in parts, its fields with defaults. */
export interface Collection extends Omit<CollectionDeclaration, "fields"> {
  readonly name: string;
  /** Collection id of the last collection segment, as collection-group queries need it. */
  readonly group: string;
  /** Variables of the template, in order. */
  readonly variables: readonly string[];
  readonly fields: Readonly<Record<string, Field>>;
  readonly encrypted: readonly Field[];
  /** `app` for the operator's own, `firekeep` for the security back end's. */
  readonly owner: "app" | "firekeep";
  /** Where its KMS keys are, when that is not the home location (see residency.ts). */
  readonly keyLocation?: string;
}

export interface Folder extends FolderDeclaration {
  readonly name: string;
  readonly stored: "token" | "plain";
  readonly owner: "app" | "firekeep";
}

/** A checked data map: the app's collections and Firekeep's own. */
export interface DataMap {
  readonly app: string;
  readonly controller: DataMapDeclaration["controller"];
  readonly authRecord: DataMapDeclaration["authRecord"];
  readonly collections: readonly Collection[];
  readonly folders: readonly Folder[];
  collection(name: string): Collection;
  folder(name: string): Folder;
}
