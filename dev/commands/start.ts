import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { say, setupError, step } from "../setup/say.mjs";
import { fixedPorts, onInterrupt, requireExample, startSchedules, startSuite } from "../suite/index.ts";
import type { Suite, SuiteOptions } from "../suite/index.ts";
import { root } from "../suite/paths.ts";
import { PORT_NAMES } from "../suite/ports.ts";
import { runCommand } from "../suite/run-command.ts";

const SCHEDULE_MS = 30_000;
const CONSOLE_PORT = 5055; // taken when free, so that the address stays the same from day to day

/** npm start -- [--example NAME] [--story] [--workers shared|isolated] [--port-NAME N] */
runCommand(async (args) => {
  const { values } = parseArgs({ args, options: OPTIONS, strict: false });
  const suite = await startSuite(suiteOptions(args, values));
  try {
    if (values["story"] === true) return await tellStory(suite);
    return await serveDemo(suite);
  } finally {
    await suite.stop();
  }
});

const OPTIONS = {
  example: { type: "string" },
  story: { type: "boolean" },
  workers: { type: "string" },
  ...Object.fromEntries(PORT_NAMES.map((name) => [`port-${name}`, { type: "string" as const }])),
} as const;

const suiteOptions = (args: string[], values: Record<string, unknown>): SuiteOptions => {
  const { workers = "isolated", example = "dating" } = values;
  if (workers !== "shared" && workers !== "isolated") throw setupError("--workers must be shared or isolated.");
  return {
    example: values["example"] === undefined ? "dating" : requireExample(String(example)),
    workers,
    fixedPorts: fixedPorts(args, process.env),
    preferredPorts: { hosting: CONSOLE_PORT },
  };
};

const serveDemo = async (suite: Suite): Promise<number> => {
  const operator = await seed(suite);
  const stopSchedules = startSchedules(suite, SCHEDULE_MS);
  say(`\nFirekeep runs with the example "${suite.example}".\n  console   ${suite.urls.console}`);
  if (operator !== undefined)
    say(`  sign in   ${operator.email} / ${operator.password}\n  code      npm run code, when it asks for one`);
  say(`  mails     ${suite.mail.dir}`);
  say(`  log       ${join(suite.runDir, "firebase.log")}\n  stop      Ctrl-C`);
  onInterrupt(() => {
    stopSchedules();
    return Promise.resolve();
  });
  await suite.ended;
  stopSchedules();
  throw setupError(`the emulators ended by themselves. Their log is ${join(suite.runDir, "firebase.log")}.`);
};

interface Operator {
  email: string;
  password: string;
}

const seed = async (suite: Suite): Promise<Operator | undefined> => {
  const module = (await importIfThere("dev/seed/index.ts")) as
    { seed?: (suite: Suite) => Promise<Operator> } | undefined;
  if (module?.seed === undefined) return undefined;
  const { seed: plant } = module;
  return step("seed the demo", () => plant(suite));
};

const tellStory = async (suite: Suite): Promise<number> => {
  const module = (await importIfThere("dev/story/index.ts")) as
    { runStory?: (suite: Suite) => Promise<boolean> } | undefined;
  if (module?.runStory === undefined)
    throw setupError("the story (dev/story/index.ts) is not in this checkout. Restore it with git checkout.");
  return (await module.runStory(suite)) ? 0 : 1;
};

const importIfThere = async (path: string): Promise<unknown> =>
  existsSync(join(root, path)) ? import(join(root, path)) : undefined;
