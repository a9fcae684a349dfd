import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Person } from "./person.ts";
import type { Step } from "./step.ts";
import { verifyOffline } from "./verify-offline.ts";

export const audit: Step = {
  title: "The audit log verifies offline",
  run: async ({ operator, suite }, { see, hold }) => {
    const file = join(suite.runDir, "audit-log.ndjson");
    const lines = await exportLog(operator);
    writeFileSync(file, `${lines.join("\n")}\n`);
    const { publicKey } = await operator.call("audit-log-checkpoint", {});
    const key = join(suite.runDir, "audit-key.pem");
    writeFileSync(key, publicKey);
    const good = verifyOffline(file, key);
    see("npm run verify", good.output);
    hold(`${String(lines.length - 1)} entries verify from the file alone`, good.status === 0);
    const forged = join(suite.runDir, "audit-log-forged.ndjson");
    writeFileSync(forged, changeOneByte(readFileSync(file, "utf8")));
    const bad = verifyOffline(forged, key);
    see("with one byte changed", bad.output);
    hold("a changed byte is found, and where", bad.status === 1 && bad.output.includes(String(CHANGED)));
  },
};

const exportLog = async (operator: Person): Promise<string[]> => {
  const first = await operator.call("audit-log-export", { from: 0 });
  const lines = [...first.lines];
  for (let next = first.next; next !== null;) {
    const page = await operator.call("audit-log-export", { from: next, size: first.size });
    lines.push(...page.lines);
    next = page.next;
  }
  return lines;
};

/** Place of the entry that the forger changes. */
const CHANGED = 5;

const changeOneByte = (text: string): string => {
  const lines = text.split("\n");
  const line = JSON.parse(lines[CHANGED + 1] ?? "{}") as { entry: string };
  const forged = { ...line, entry: line.entry.replace("Firekeep", "Firekeeq") };
  lines[CHANGED + 1] = JSON.stringify(forged);
  return lines.join("\n");
};
