import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { say, setupError } from "../setup/say.mjs";
import { currentStep, totpCode } from "../story/authenticator-app.ts";
import { runCommand } from "../suite/run-command.ts";
import { liveRuns } from "../suite/runs.ts";

/** npm run code [-- SECRET]: the one-time code of this moment, of a base32 secret or of the running demo's operator. */
runCommand((args) => {
  const [secret = operatorSecret()] = args;
  if (!/^[A-Z2-7]+=*$/i.test(secret)) throw setupError("the secret must be base32 (letters and the digits 2 to 7).");
  say(totpCode(secret, currentStep()));
  return Promise.resolve(0);
});

const operatorSecret = (): string => {
  const files = liveRuns().map((run) => join(run.runDir, "operator.json"));
  const file = files.reverse().find(existsSync);
  if (file === undefined)
    throw setupError("no demo is running. Start one with `npm start`, or give a secret: npm run code -- SECRET.");
  return (JSON.parse(readFileSync(file, "utf8")) as { totpSecret: string }).totpSecret;
};
