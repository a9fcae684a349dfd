import { randomInt } from "node:crypto";
import { listenAdmin } from "./admin.ts";
import type { Kms } from "./api.ts";
import { createControl } from "./control.ts";
import type { KmsControl } from "./control.ts";
import { readDescriptors } from "./descriptors.ts";
import { listenGrpc } from "./grpc.ts";
import { listenRest } from "./rest.ts";
import { seedStore } from "./seed.ts";
import type { SeedTarget } from "./seed.ts";
import { serveCalls } from "./service.ts";
import { settle } from "./settle.ts";
import { openKeyStore } from "./store.ts";
import { MINUTE } from "./time.ts";
import type { Clock } from "./time.ts";

export type { Method } from "./api.ts";
export type { CallStats, KmsControl } from "./control.ts";
export { crc32c } from "./crc32c.ts";
export type { Fault } from "./faults.ts";
export type { Quota } from "./quota.ts";
export { seedKeys } from "./seed.ts";
export type { SeedingClient, SeedTarget } from "./seed.ts";

export interface LocalKmsOptions {
  /** Ports on 127.0.0.1; 0 (the default) takes a free one. */
  readonly port?: number;
  readonly restPort?: number;
  readonly adminPort?: number;
  /** Where keys are kept; without it they are in memory only. */
  readonly dir?: string;
  /** Base of the settable clock; default is the system's. */
  readonly clock?: Clock;
  /** Told of faults of the server itself; the default writes their message to standard error. */
  readonly onError?: (error: unknown) => void;
}

export interface LocalKms {
  /** gRPC. */
  readonly port: number;
  /** JSON over HTTP/1. */
  readonly restPort: number;
  readonly adminPort: number;
  readonly control: KmsControl;
  /** Makes the product's standard rings and keys, where they do not exist yet. */
  readonly seed: (target: SeedTarget) => void;
  readonly stop: () => Promise<void>;
}

/** Starts a Cloud KMS for development and tests. It has no access control: never give it keys that matter. */
export const startLocalKms = async (options: LocalKmsOptions = {}): Promise<LocalKms> => {
  const store = openKeyStore(options.dir);
  const control = createControl({
    clock: options.clock ?? Date.now,
    random: () => randomInt(2 ** 32) / 2 ** 32,
    onClockSet: () => settle(kms),
  });
  const kms: Kms = { store, now: control.now };
  settle(kms);
  const serve = serveCalls({ kms, control, onError: options.onError ?? writeError });
  const descriptors = readDescriptors();
  const grpc = await listenGrpc(serve, descriptors, options.port ?? 0);
  const rest = await listenRest(serve, descriptors, options.restPort ?? 0);
  const admin = await listenAdmin(control, options.adminPort ?? 0);
  const housekeeping = setInterval(() => settle(kms), MINUTE).unref();
  return {
    port: grpc.port,
    restPort: rest.port,
    adminPort: admin.port,
    control,
    seed: (target) => seedStore(kms, target),
    stop: async () => {
      clearInterval(housekeeping);
      grpc.stop();
      await Promise.all([rest.stop(), admin.stop()]);
    },
  };
};

const writeError = (error: unknown): void => {
  process.stderr.write(`local KMS: ${error instanceof Error ? error.message : "unknown error"}\n`);
};
