import { checkDataMap } from "./check.js";
import { storedAs, type Owner } from "./check-field.js";
import { folderStoredAs } from "./check-folder.js";
import type { CollectionDeclaration, DataMapDeclaration, FolderDeclaration } from "./declaration.js";
import { dataMapError } from "./fault.js";
import type { Collection, DataMap, Field, Folder } from "./map.js";
import { groupOf, variablesOf } from "./paths.js";

/** Firekeep's own part of every data map. */
export interface OwnData {
  readonly collections: Readonly<Record<string, CollectionDeclaration>>;
  readonly folders: Readonly<Record<string, FolderDeclaration>>;
}

/**
 * The data map of a declaration and Firekeep's own data. Pure.
 * Throws one error that lists every fault, each with its path in the declaration and a remedy.
 */
export const defineDataMap = (declaration: DataMapDeclaration, own: OwnData): DataMap => {
  const faults = checkDataMap(declaration, own);
  if (faults.length > 0) throw dataMapError(faults);
  const collections = [
    ...resolveCollections(declaration.collections, "app"),
    ...resolveCollections(own.collections, "firekeep"),
  ];
  const folders = [...resolveFolders(declaration.folders, "app"), ...resolveFolders(own.folders, "firekeep")];
  return {
    app: declaration.app,
    controller: declaration.controller,
    authRecord: declaration.authRecord,
    collections,
    folders,
    collection: finder(collections, "collection"),
    folder: finder(folders, "folder"),
  };
};

const resolveCollections = (declared: OwnData["collections"], owner: Owner): Collection[] =>
  Object.entries(declared).map(([name, collection]) => {
    const fields = Object.entries(collection.fields).map(([key, field]): Field => ({
      ...field,
      name: key,
      stored: storedAs(field),
    }));
    return {
      ...collection,
      name,
      owner,
      group: groupOf(collection.path),
      variables: variablesOf(collection.path),
      fields: Object.fromEntries(fields.map((field) => [field.name, field])),
      encrypted: fields.filter((field) => field.stored === "token"),
    };
  });

const resolveFolders = (declared: OwnData["folders"], owner: Owner): Folder[] =>
  Object.entries(declared).map(([name, folder]) => ({ ...folder, name, owner, stored: folderStoredAs(folder) }));

const finder = <Thing extends { readonly name: string }>(
  things: readonly Thing[],
  kind: string,
): ((name: string) => Thing) => {
  const byName = new Map(things.map((thing) => [thing.name, thing]));
  return (name) => {
    const found = byName.get(name);
    if (found === undefined) throw new TypeError(`The data map has no ${kind} "${name}"`);
    return found;
  };
};
