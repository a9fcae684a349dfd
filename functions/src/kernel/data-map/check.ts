import { checkCollection } from "./check-collection.js";
import type { Owner } from "./check-field.js";
import { checkFolder } from "./check-folder.js";
import { checkCollectionsTogether, checkFoldersTogether, type Named } from "./check-together.js";
import type { Fault, Tell } from "./fault.js";
import { readCollections, readDeclaration, readFolders } from "./read-declaration.js";

/**
 * Every fault of a declaration together with Firekeep's own collections and folders; none when it may be loaded.
 * Both are taken as unknown: what JavaScript hands in is checked as thoroughly as what a compiler has seen.
 */
export const checkDataMap = (
  declaration: unknown,
  own: { collections: unknown; folders: unknown },
): readonly Fault[] => {
  const faults: Fault[] = [];
  const tell: Tell = (path, says) => void faults.push({ path, says });
  const app = readDeclaration(declaration, "", tell);
  const ownCollections = readCollections(own.collections, "own.collections", tell);
  const ownFolders = readFolders(own.folders, "own.folders", tell);
  if (app?.app !== undefined && !/^[a-z][a-z0-9-]*$/.test(app.app)) {
    tell("app", "must be a lower-case name: letters, digits and -, beginning with a letter");
  }
  const collections = [
    ...named(ownCollections, "own.collections", "firekeep"),
    ...named(app?.collections, "collections", "app"),
  ];
  const folders = [...named(ownFolders, "own.folders", "firekeep"), ...named(app?.folders, "folders", "app")];
  for (const { at, thing, owner } of collections) checkCollection(at, thing, owner, tell);
  for (const { at, thing } of folders) checkFolder(at, thing, tell);
  for (const { at, name } of [...collections, ...folders]) checkName(at, name, tell);
  checkCollectionsTogether(collections, tell);
  checkFoldersTogether(folders, tell);
  return faults;
};

const named = <Thing>(things: Readonly<Record<string, Thing>> | undefined, at: string, owner: Owner): Named<Thing>[] =>
  Object.entries(things ?? {}).map(([name, thing]) => ({ at: `${at}.${name}`, name, owner, thing }));

const checkName = (at: string, name: string, tell: Tell): void => {
  if (!/^[A-Za-z]\w*$/.test(name)) tell(at, "a name in the map is letters, digits and _, and begins with a letter");
};
