import type { DataMap, Folder } from "../map.js";
import type { RulesContext } from "./index.js";
import { bar, head, indent, ownSection } from "./layout.js";
import { demands } from "./read-condition.js";
import { whoAsks } from "./who-asks.js";

export const storageRules = (map: DataMap, context: RulesContext): string => {
  const own = map.folders.filter(({ owner }) => owner === "firekeep");
  const app = map.folders.filter(({ owner }) => owner === "app");
  const sections = [
    whoAsks("firestore.get(/databases/(default)/documents", context),
    section("firekeep", own),
    section(`the app: ${map.app}`, app),
    ...ownSection(context.own?.storage),
  ];
  return `${head(map.app)}
service firebase.storage {
  match /b/{bucket}/o {
    // Nothing is allowed but what is said below.
    match /{object=**} {
      allow read, write: if false;
    }

${indent(sections.join("\n\n"), 4)}
  }
}
`;
};

const section = (title: string, folders: readonly Folder[]): string =>
  [bar(title), ...folders.map(matchBlock)].join("\n\n");

// What is encrypted comes and goes by the file functions: directly, only ciphertext could be had, and only plaintext given.
const matchBlock = (folder: Folder): string => {
  const lines = folder.stored === "token" ? [] : [...readRules(folder), ...writeRules(folder)];
  const body = lines.length === 0 ? "allow read, write: if false;" : lines.join("\n");
  return `// ${folder.description}
match /${folder.folder}{object=**} {
${indent(body, 2)}
}`;
};

// Others may get an object whose name they were told; a list of what there is, only the subject may have.
const readRules = ({ access, subject }: Folder): string[] => {
  const live = `hasLiveSession()${demands(access.needs?.read)}`;
  const self = subject.by === "path" ? [`isSelf(${subject.variable})`] : [];
  const list = self.map((isSelf) => `allow list: if ${live} && ${isSelf};`);
  const operators =
    access.operators === undefined
      ? []
      : [`allow read: if hasPermission('${access.operators}') && assuranceAtLeast(2);`];
  if (access.read === "public") return ["allow get: if true;", ...list, ...operators];
  if (access.read === "signed-in") return [`allow get: if ${live};`, ...list, ...operators];
  if (access.read === "subject")
    return [...self.map((isSelf) => `allow get, list: if ${live} && ${isSelf};`), ...operators];
  return operators;
};

const writeRules = ({ access, subject, maxBytes, contentTypes }: Folder): string[] => {
  if (access.write === "nobody" || subject.by === "none") return [];
  const who = `hasLiveSession()${demands(access.needs?.write)} && isSelf(${subject.variable})`;
  return [
    `allow create, update: if ${who}
  && request.resource.size <= ${String(maxBytes)}
  && request.resource.contentType.matches('^(${contentTypes.map(mediaPattern).join("|")})$');`,
    `allow delete: if ${who};`,
  ];
};

// In brackets, a point and a plus mean themselves without a backslash.
const mediaPattern = (type: string): string => type.replace(/[.+]/g, "[$&]").replace("*", "[a-z0-9.+-]+");
