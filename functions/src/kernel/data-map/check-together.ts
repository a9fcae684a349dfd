import type { Owner } from "./check-field.js";
import type { Tell } from "./fault.js";
import { groupOf, overlaps } from "./paths.js";
import type { LooseCollection, LooseFolder } from "./read-declaration.js";

export interface Named<Thing> {
  readonly at: string;
  readonly name: string;
  readonly owner: Owner;
  readonly thing: Thing;
}

/** Tells what is wrong between collections: names, paths and groups that two of them claim. */
export const checkCollectionsTogether = (all: readonly Named<LooseCollection>[], tell: Tell): void => {
  for (const [one, other] of pairs(all)) {
    const [a, b] = [one.thing, other.thing];
    checkNames(one, other, "collection", tell);
    if (a.path === undefined || b.path === undefined || a.database !== b.database) continue;
    if (!a.path.endsWith("/") && !b.path.endsWith("/") && overlaps(a.path, b.path)) {
      tell(`${other.at}.path`, `${b.path} and ${one.at}'s ${a.path} match the same documents; declare them once`);
    } else if (groupOf(a.path) === groupOf(b.path)) checkGroup(one, other, tell);
  }
};

/** Tells what is wrong between folders: one that lies in another, or a name that two have. */
export const checkFoldersTogether = (all: readonly Named<LooseFolder>[], tell: Tell): void => {
  for (const [one, other] of pairs(all)) {
    const [a, b] = [one.thing.folder, other.thing.folder];
    checkNames(one, other, "folder", tell);
    if (a === undefined || b === undefined || !a.endsWith("/") || !b.endsWith("/")) continue;
    if (overlaps(a, b))
      tell(`${other.at}.folder`, `${b} and ${one.at}'s ${a} hold the same objects; give each a folder of its own`);
  }
};

// The same group is found by one collection-group query: it must say the same of every document.
const checkGroup = (one: Named<LooseCollection>, other: Named<LooseCollection>, tell: Tell): void => {
  const group = groupOf(other.thing.path ?? "");
  if (one.owner !== other.owner) {
    tell(`${other.at}.path`, `the collection id ${group} is Firekeep's own (${one.name}); choose another`);
  } else if (
    one.thing.subject !== undefined &&
    other.thing.subject !== undefined &&
    !sameSubject(one.thing.subject, other.thing.subject)
  ) {
    tell(
      `${other.at}.subject`,
      `${one.at} has the same collection id ${group} and another subject; rename one, or find both the same way`,
    );
  }
};

const checkNames = (one: Named<unknown>, other: Named<unknown>, kind: string, tell: Tell): void => {
  if (one.name === other.name)
    tell(other.at, `the name ${other.name} is that of a ${kind} of Firekeep's own; choose another`);
};

type Subject = NonNullable<LooseCollection["subject"]>;
const sameSubject = (one: Subject, other: Subject): boolean =>
  one.by === other.by && one.field === other.field && one.variable === other.variable;

// Each pair once; Firekeep's own come first, so that a clash is told where the operator can mend it.
const pairs = <Item extends { readonly owner: Owner }>(all: readonly Item[]): (readonly [Item, Item])[] => {
  const ordered = [...all].sort((one, other) => Number(one.owner === "app") - Number(other.owner === "app"));
  return ordered.flatMap((one, index) => ordered.slice(index + 1).map((other) => [one, other] as const));
};
