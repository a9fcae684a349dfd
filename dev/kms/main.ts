/**
 * node dev/kms/main.ts [--port N] [--rest-port N] [--admin-port N] [--dir DIR] [--seed PROJECT --location LOCATION]
 *
 * Prints one line of JSON, `{"port":…,"restPort":…,"adminPort":…}`, when ready; stops on SIGTERM or SIGINT.
 */
import { parseArgs } from "node:util";
import { startLocalKms } from "./index.ts";

const portOf = (flag: string, text: string | undefined): number => {
  const port = Number(text ?? "0");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--${flag} must be a port, 0 to 65535.`);
  return port;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string" },
      "rest-port": { type: "string" },
      "admin-port": { type: "string" },
      dir: { type: "string" },
      seed: { type: "string" },
      location: { type: "string" },
    },
  });
  if (values.host !== "127.0.0.1")
    throw new Error("The local KMS listens on 127.0.0.1 only: it has no access control.");
  if ((values.seed === undefined) !== (values.location === undefined)) {
    throw new Error("--seed PROJECT and --location LOCATION go together.");
  }
  const kms = await startLocalKms({
    port: portOf("port", values.port),
    restPort: portOf("rest-port", values["rest-port"]),
    adminPort: portOf("admin-port", values["admin-port"]),
    ...(values.dir !== undefined && { dir: values.dir }),
  });
  const stop = (): void => {
    void kms.stop().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
  if (values.seed !== undefined && values.location !== undefined) {
    kms.seed({ project: values.seed, location: values.location });
  }
  const { port, restPort, adminPort } = kms;
  process.stdout.write(`${JSON.stringify({ port, restPort, adminPort })}\n`);
};

main().catch((error: unknown) => {
  process.stderr.write(`local KMS: ${error instanceof Error ? error.message : "failed to start"}\n`);
  process.exit(1);
});
