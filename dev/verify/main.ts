import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { LOG_FORMAT, verifyLog } from "./log.ts";
import { findStatement, verifyReceipt } from "./receipt.ts";
import type { Verdict } from "./verdict.ts";

const USAGE = `Usage: npm run verify -- FILE [--key PEM]

Verifies, without any network, an exported audit log or a signed receipt.
  FILE       file of the export (NDJSON), or of the receipt (JSON)
  --key PEM  file with the audit key's public half, from anywhere but FILE
Exit code 0 when all of it holds, else 1.`;

/** Verifies what the arguments name and says what was found. Returns the exit code. */
export const main = async (args: readonly string[], say: (line: string) => void): Promise<0 | 1> => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { key: { type: "string" } },
      allowPositionals: true,
    });
    const [file] = positionals;
    if (file === undefined || positionals.length !== 1) throw new Error(USAGE);
    const verdict = await verifyFile(file, values.key === undefined ? undefined : readFileSync(values.key, "utf8"));
    for (const fact of verdict.facts) say(`  ${fact}`);
    for (const warning of verdict.warnings) say(`warning: ${warning}`);
    for (const problem of verdict.problems) say(`WRONG: ${problem}`);
    say(verdict.problems.length === 0 ? "verified" : "NOT verified");
    return verdict.problems.length === 0 ? 0 : 1;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }
};

const verifyFile = async (file: string, key: string | undefined): Promise<Verdict> => {
  const lines = () => createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  for await (const first of lines()) {
    if (first.includes(`"${LOG_FORMAT}"`)) return verifyLog(lines(), key);
    break;
  }
  const signed = findStatement(parseJson(readFileSync(file, "utf8")));
  if (signed === undefined) throw new Error(`${file} is neither an exported audit log nor a signed receipt.`);
  return verifyReceipt(signed, key);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
