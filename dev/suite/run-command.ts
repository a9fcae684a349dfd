import { inspect } from "node:util";

/** Runs a command's body and ends the process with its code. A known failure is one sentence, not a stack. */
export const runCommand = (body: (args: string[]) => Promise<number>): void => {
  // After the module is evaluated, so that a command may put its helpers below.
  const started = Promise.resolve().then(() => body(process.argv.slice(2)));
  started.then(
    (code) => process.exit(code),
    (error: unknown) => {
      const known = error instanceof Error && error.name === "SetupError";
      process.stderr.write(known ? `firekeep: ${error.message}\n` : `${inspect(error)}\n`);
      process.exit(1);
    },
  );
};
