import type { DataMap, Folder } from "../../kernel/data-map/map.js";
import { fillPath, matchPath, variablesOf, type PathParams } from "../../kernel/data-map/paths.js";
import { encryptionError } from "../errors.js";

/** Where a client wants to go: a folder of the data map, and the values of all its variables. */
export interface FolderPlace {
  readonly folder: string;
  readonly params: PathParams;
}

/**
 * An app's encrypted folder, and the prefix under which the caller's own files lie in it.
 *
 * @throws encryption/folder-unknown, -folder-closed, -path-wrong, -not-yours
 */
export const ownFolder = (
  map: DataMap,
  uid: string,
  { folder: name, params }: FolderPlace,
): { folder: Folder; place: string } => {
  const folder = folderNamed(map, name);
  const { subject } = folder;
  if (folder.owner !== "app" || folder.stored !== "token" || subject.by !== "path")
    throw encryptionError("folder-closed");
  const place = placeOf(folder, params);
  if (params[subject.variable] !== uid) throw encryptionError("not-yours");
  return { folder, place };
};

/** @throws encryption/folder-unknown */
export const folderNamed = (map: DataMap, name: string): Folder => {
  const folder = map.folders.find((each) => each.name === name);
  if (folder === undefined) throw encryptionError("folder-unknown");
  return folder;
};

/** Whether a media type such as `image/png` is among the allowed ones, such as `image/*`. */
export const isAllowedType = ({ contentTypes }: Pick<Folder, "contentTypes">, type: string): boolean =>
  contentTypes.some((allowed) => (allowed.endsWith("/*") ? type.startsWith(allowed.slice(0, -1)) : type === allowed));

/** Values of the folder's variables, in order. */
export const folderValues = ({ folder }: Pick<Folder, "folder">, place: string): string[] => {
  const params = matchPath(folder, `${place}_`) ?? {};
  return variablesOf(folder).map((variable) => params[variable] ?? "");
};

const placeOf = ({ folder }: Folder, params: PathParams): string => {
  if (Object.keys(params).length !== variablesOf(folder).length) throw encryptionError("path-wrong");
  try {
    return fillPath(folder, params);
  } catch (cause) {
    throw encryptionError("path-wrong", { cause });
  }
};
