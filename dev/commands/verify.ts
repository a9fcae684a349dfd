// `npm run verify -- FILE [--key PEM]`: checks an exported audit log or a signed receipt, offline.
import { main } from "../verify/main.ts";

process.exitCode = await main(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
