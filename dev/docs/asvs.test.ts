import { expect, test } from "@jest/globals";
import { countProofs, faultsOf, REQUIREMENTS, type RanTest } from "./asvs.ts";

const FILE = "functions/src/x.test.ts";
const ran: readonly RanTest[] = [
  { file: FILE, title: "codes works once", passed: true },
  { file: FILE, title: "codes is refused late", passed: false },
];

/** A document in which every row names a test that ran, but for the rows given. */
const document = (over: Readonly<Record<string, string | undefined>> = {}): string =>
  REQUIREMENTS.map((id) => (id in over ? over[id] : `\`${FILE}\` "works once"`))
    .map((proof, index) => (proof === undefined ? "" : `| ${String(REQUIREMENTS[index])} | 1 | somehow | ${proof} |`))
    .join("\n");

test("the list has the 74 requirements, each once", () => {
  expect(new Set(REQUIREMENTS).size).toBe(74);
  expect(REQUIREMENTS).toHaveLength(74);
});

test("a document whose tests all ran has no fault, and is counted", () => {
  const inherited = document({ "V6.2.5": "Inherited: Identity Platform's password policy" });
  expect(faultsOf(inherited, ran)).toEqual([]);
  expect(countProofs(inherited)).toEqual({ rows: 74, tests: 73, inherited: 1 });
});

test.each([
  ["a missing row", { "V7.3.1": undefined }, "V7.3.1 has no row"],
  ["an empty proof", { "V7.3.1": "we are careful" }, "V7.3.1 names no test and nothing that it is inherited from"],
  ["a test that is not there", { "V7.3.1": `\`${FILE}\` "never written"` }, `no test "never written" ran in ${FILE}`],
  ["a test of another file", { "V7.3.1": '`dev/y.test.ts` "works once"' }, "ran in dev/y.test.ts"],
  ["a test that failed", { "V7.3.1": `\`${FILE}\` "is refused late"` }, "did not pass"],
])("%s is a fault", (_, over, fault) => {
  expect(faultsOf(document(over), ran)).toEqual([expect.stringContaining(fault)]);
});

test("two rows for one requirement, and one for none, are faults", () => {
  const more = `${document()}\n| V7.3.1 | 1 | again | \`${FILE}\` "works once" |\n| V9.9.9 | 1 | ? | \`${FILE}\` "works once" |`;
  expect(faultsOf(more, ran)).toEqual(["V7.3.1 has two rows", "V9.9.9 is not in the list"]);
});
