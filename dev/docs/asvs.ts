/** A test that ran, as jest tells it. */
export interface RanTest {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Title with the titles of the blocks around it. */
  readonly title: string;
  readonly passed: boolean;
}

/**
 * The requirements of OWASP ASVS 5.0 that Firekeep answers for, of V6 Authentication, V7 Session Management, V8 Authorization
 * and V9 Self-contained Tokens. Each is a row of docs/asvs.md.
 */
export const REQUIREMENTS: readonly string[] = [
  ...numbered("V6.1", [1, 2, 3]),
  ...numbered("V6.2", [1, 3, 4, 5, 8, 9, 10, 12]),
  ...numbered("V6.3", [1, 3, 4, 5, 6, 7, 8]),
  ...numbered("V6.4", [1, 3, 4, 6]),
  ...numbered("V6.5", [1, 2, 3, 4, 5, 6, 8]),
  ...numbered("V6.6", [1, 2, 3]),
  ...numbered("V6.7", [1, 2]),
  ...numbered("V6.8", [1, 2, 4]),
  ...numbered("V7.1", [1, 2, 3]),
  ...numbered("V7.2", [1, 2, 3, 4]),
  ...numbered("V7.3", [1, 2]),
  ...numbered("V7.4", [1, 2, 3, 5]),
  ...numbered("V7.5", [1, 2, 3]),
  ...numbered("V7.6", [1, 2]),
  ...numbered("V8.1", [1, 2, 3, 4]),
  ...numbered("V8.2", [1, 2, 3, 4]),
  ...numbered("V8.3", [1, 2]),
  ...numbered("V8.4", [1, 2]),
  ...numbered("V9.1", [1, 2, 3]),
  ...numbered("V9.2", [1, 2, 3, 4]),
];

/**
 * What is wrong with docs/asvs.md: a requirement without a row or with two, a row that is none of the list, one that neither
 * names a test nor says what it inherits, and a test that did not run or did not pass. Empty when all is well.
 */
export const faultsOf = (markdown: string, ran: readonly RanTest[]): string[] => {
  const rows = readRows(markdown);
  const ids = rows.map(({ id }) => id);
  return [
    ...REQUIREMENTS.filter((id) => !ids.includes(id)).map((id) => `${id} has no row`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} has two rows`),
    ...ids.filter((id) => !REQUIREMENTS.includes(id)).map((id) => `${id} is not in the list`),
    ...rows.flatMap((row) => faultsOfRow(row, ran)),
  ];
};

/** How many rows, and how many tests they name. */
export const countProofs = (markdown: string): { rows: number; tests: number; inherited: number } => {
  const rows = readRows(markdown);
  return {
    rows: rows.length,
    tests: rows.reduce((sum, row) => sum + row.tests.length, 0),
    inherited: rows.filter(({ inherits }) => inherits).length,
  };
};

interface Row {
  readonly id: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
  readonly inherits: boolean;
}

// | V6.5.1 | 2 | how it is met | `path/of.test.ts` "title of the test"; … or: Inherited: which service |
const readRows = (markdown: string): Row[] =>
  markdown.split("\n").flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const [, id, , , proof] = cells;
    if (id === undefined || proof === undefined || !/^V\d+\.\d+\.\d+$/.test(id)) return [];
    const tests = [...proof.matchAll(/`([^`]+\.test\.tsx?)` "([^"]+)"/g)].map(([, file = "", title = ""]) => ({
      file,
      title,
    }));
    return [{ id, tests, inherits: /\bInherited: \S/.test(proof) }];
  });

const faultsOfRow = ({ id, tests, inherits }: Row, ran: readonly RanTest[]): string[] => {
  if (tests.length === 0 && !inherits) return [`${id} names no test and nothing that it is inherited from`];
  return tests.flatMap(({ file, title }) => {
    const found = ran.filter((test) => test.file === file && test.title.includes(title));
    if (found.length === 0) return [`${id}: no test "${title}" ran in ${file}`];
    return found.every(({ passed }) => passed) ? [] : [`${id}: "${title}" in ${file} did not pass`];
  });
};

function numbered(section: string, items: readonly number[]): string[] {
  return items.map((item) => `${section}.${String(item)}`);
}
