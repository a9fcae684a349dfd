import type { Collection, DataMap } from "../map.js";
import type { RulesContext } from "./index.js";
import { bar, head, indent, ownSection } from "./layout.js";
import { readCondition } from "./read-condition.js";
import { whoAsks } from "./who-asks.js";
import { writeRules } from "./write-rules.js";

export const firestoreRules = (map: DataMap, context: RulesContext): string => {
  const sections = [
    whoAsks("get(/databases/$(database)/documents", context),
    WRITES,
    ...Object.entries(context.domains).map(([domain, names]) =>
      section(
        domain,
        names.map((name) => map.collection(name)),
      ),
    ),
    section(
      `the app: ${map.app}`,
      map.collections.filter(({ owner }) => owner === "app"),
    ),
    ...ownSection(context.own?.firestore),
  ];
  return `${head(map.app)}
service cloud.firestore {
  match /databases/{database}/documents {
    // Nothing is allowed but what is said below.
    match /{document=**} {
      allow read, write: if false;
    }

${indent(sections.join("\n\n"), 4)}
  }
}
`;
};

const WRITES = `${bar("what is written")}

function incoming() {
  return request.resource.data;
}

// Names of the fields that a write changes; when it creates, all of them.
function changed() {
  return resource == null ? incoming().keys().toSet() : incoming().diff(resource.data).affectedKeys();
}`;

const section = (title: string, collections: readonly Collection[]): string =>
  [bar(title), ...collections.map(matchBlock)].join("\n\n");

const matchBlock = (collection: Collection): string => {
  const { description, database, path } = collection;
  const lines = [...readRule(collection), ...writeRules(collection)];
  const body = lines.length === 0 ? "allow read, write: if false;" : lines.join("\n");
  return `// ${description}${database === undefined ? "" : ` (database ${database})`}
match /${path} {
${indent(body, 2)}
}`;
};

const readRule = (collection: Collection): string[] => {
  const condition = readCondition(collection);
  return condition === undefined ? [] : [`allow read: if ${condition};`];
};
