import { existsSync } from "node:fs";
import { join } from "node:path";
import { say } from "../setup/say.mjs";
import { root } from "./paths.ts";
import { PROJECT, REGION } from "./project.ts";

export interface KmsAddress {
  /** `host:port` of the gRPC service. */
  endpoint: string;
  /** Base URL of the same over REST. */
  rest: string;
  /** Base URL of the control: clock, latency, faults, statistics. */
  admin: string;
}

/** Starts the local KMS in this process, with the product's keys. Undefined where this checkout has none. */
export const startKms = async (
  dir: string,
): Promise<{ address: KmsAddress; stop: () => Promise<void> } | undefined> => {
  const file = join(root, "dev/kms/index.ts");
  if (!existsSync(file)) {
    say("WARNING  dev/kms is missing: nothing can be encrypted");
    return undefined;
  }
  const { startLocalKms } = await import("../kms/index.ts");
  const kms = await startLocalKms({ dir });
  kms.seed({ project: PROJECT, location: REGION });
  return {
    address: {
      endpoint: `127.0.0.1:${String(kms.port)}`,
      rest: `http://127.0.0.1:${String(kms.restPort)}`,
      admin: `http://127.0.0.1:${String(kms.adminPort)}`,
    },
    stop: () => kms.stop(),
  };
};
