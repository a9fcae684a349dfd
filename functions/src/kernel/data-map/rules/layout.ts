/** A comment bar that opens a section. */
export const bar = (title: string): string => `// --- ${title} ${"-".repeat(Math.max(3, 80 - title.length))}`;

export const indent = (text: string, by: number): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? line : " ".repeat(by) + line))
    .join("\n");

export const head = (app: string): string => `rules_version = '2';

// Made from the data map of "${app}" by \`npm run rules\`. Change the map, not this file.`;

export const quoted = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(", ")}]`;

/** The team's own rules, as a section of their own. */
export const ownSection = (text: string | undefined): string[] =>
  text === undefined || text.trim() === "" ? [] : [`${bar("rules of the team's own")}\n\n${text.trim()}`];
