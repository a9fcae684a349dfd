/** A collection that a piece of code or rules names: where, and its path or id. */
export interface Mention {
  readonly file: string;
  readonly line: number;
  /** A collection id, or a document or collection path in which `{}` stands for whatever is filled in. */
  readonly names: string;
}

/**
 * Collections that code names: in `.collection("…")`, `.collectionGroup("…")` and `.doc("…/…")`, as text or as a constant
 * such as `SESSIONS` that some file declares. What comes from the map itself (`collection.group`) is not a mention.
 */
export const mentionsInCode = (files: readonly { file: string; text: string }[]): Mention[] => {
  const constants = new Map(
    files.flatMap(({ text }) => [...text.matchAll(CONSTANT)].map(([, name = "", value = ""]) => [name, value])),
  );
  return files.flatMap(({ file, text }) =>
    [...text.matchAll(CALL)].flatMap(({ index, groups }) => {
      const given = groups?.["text"] ?? constants.get(groups?.["constant"] ?? "");
      return given === undefined
        ? []
        : [{ file, line: lineOf(text, index), names: given.replaceAll(/\$\{[^}]*\}/g, "{}") }];
    }),
  );
};

/** Document paths that rules match or fetch. */
export const mentionsInRules = (file: string, text: string): Mention[] =>
  [...text.matchAll(/(?:match |documents)\/([\w{}=*/-]+\/[\w{}=*-]+)|documents\/(\w+\/\$\([^)]*\))/g)]
    .map(({ index, 1: matched, 2: fetched }) => ({
      file,
      line: lineOf(text, index),
      names: matched ?? (fetched ?? "").replace(/\$\([^)]*\)/, "{}"),
    }))
    .filter(({ names }) => !names.startsWith("databases/"));

/** Whether the paths of a map know what is mentioned: a collection, its id, or a document whose id may be spelt out. */
export const isKnown = (paths: readonly string[], { names }: Mention): boolean => {
  const named = shape(names).split("/");
  return paths.some((path) => {
    const segments = shape(path).split("/");
    const isCollection = named.join("/") === segments.slice(0, -1).join("/") || names === idOf(path);
    const isDocument =
      named.length === segments.length && segments.every((segment, at) => segment === "{}" || segment === named[at]);
    return isCollection || isDocument;
  });
};

const shape = (path: string): string => path.replaceAll(/\{\w*\}/g, "{}");

const CONSTANT = /\bconst ([A-Z][A-Z_]+)(?:: string)? = "(\w+)"/g;
const CALL =
  /\.(?:collection|collectionGroup|doc)\(\s*(?:["'`](?<text>[\w-]+(?:\/[^"'`]*)?)["'`]|(?<constant>[A-Z][A-Z_]+)\b)/g;

const idOf = (path: string): string => path.split("/").at(-2) ?? "";
const lineOf = (text: string, index: number): number => text.slice(0, index).split("\n").length;
