import type { DataMap } from "../map.js";

/** The texts of `firestore.app.rules` and `storage.app.rules`: match blocks and functions, without a service around them. */
export interface OwnRules {
  readonly firestore?: string;
  readonly storage?: string;
}

/**
 * Rules only ever add up: a block of the team's own can open what the map closes. So each must name, in full, a collection
 * or folder of the app that the map knows; none reaches into Firekeep's own, and none holds for whatever may come.
 */
export const checkOwnRules = (map: DataMap, own: OwnRules = {}): void => {
  const collections = map.collections.filter(({ owner, database }) => owner === "app" && database === undefined);
  const folders = map.folders.filter(({ owner }) => owner === "app");
  const faults = [
    ...faultsOf(
      "firestore.app.rules",
      own.firestore,
      collections.map(({ path }) => shape(path)),
    ),
    ...faultsOf(
      "storage.app.rules",
      own.storage,
      folders.map(({ folder }) => `${shape(folder)}{**}`),
    ),
  ];
  if (faults.length > 0) throw new TypeError(`The rules of your own were not taken:\n  ${faults.join("\n  ")}`);
};

const faultsOf = (file: string, text = "", known: readonly string[]): string[] => {
  const code = withoutComments(text);
  const faults = /\b(rules_version|service)\b/.test(code)
    ? ["leave rules_version and service out: what is here is put into the generated file"]
    : [];
  let depth = 0;
  for (const { 0: token, 1: path } of code.matchAll(/\bmatch\s+(\/\S+)\s*\{|[{}]/g)) {
    if (path !== undefined && depth > 0)
      faults.push(`match ${path}: write the whole path, not one match within another`);
    else if (path !== undefined && !known.includes(shape(path)))
      faults.push(`match ${path}: the data map has no such path of the app's; declare it there first`);
    depth += token === "}" ? -1 : 1;
    if (depth < 0) break;
  }
  if (depth !== 0) faults.push("a brace is missing, or one too many");
  return faults.map((says) => `${file}: ${says}`);
};

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");

// A variable's name is the writer's; that it takes all that follows is not.
const shape = (path: string): string =>
  path
    .replace(/^\//, "")
    .replaceAll(/\{\w+(=\*\*)?\}/g, (_, rest: string | undefined) => (rest === undefined ? "{}" : "{**}"));
