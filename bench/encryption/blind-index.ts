import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { lessIsBetter, withGoal, type Metric } from "../harness/report.ts";
import { newUid, openGround } from "./ground.ts";
import { cpuMicroseconds, inTurn, rounded, tell } from "./measure.ts";

/**
 * The blind index of an e-mail address: normalisation and a keyed hash of 16 bytes, as a query needs it. Beside it
 * ciphersweet-js: with its default, a slow hash, which is meant for values that can be guessed, and with its fast one.
 */
export const measureBlindIndex = async (): Promise<Record<string, Metric>> => {
  tell("blind indexes");
  const addresses = Array.from({ length: 64 }, () => `${newUid()}@Bench.example`);
  const { index } = openGround();
  await index("email", "first@bench.example");
  const [slow, fast] = [cipherSweet(false), cipherSweet(true)];
  const cpu = await cpuMicroseconds(
    [
      { name: "ours", run: inTurn(addresses, (address) => index("email", address)) },
      { name: "fast", run: inTurn(addresses, fast) },
    ],
    { rounds: 60, roundMicroseconds: 2_000 },
  );
  const slowCpu = await cpuMicroseconds([{ name: "slow", run: inTurn(addresses, slow) }], {
    rounds: 8,
    roundMicroseconds: 1,
  });
  const value = rounded(cpu.get("ours") ?? NaN);
  const beside = (how: string, peerValue: number | undefined): Metric =>
    lessIsBetter({ value, unit: "µs CPU", peer: `ciphersweet-js, ${how}`, peerValue: rounded(peerValue ?? NaN) });
  return {
    blindIndexUs: withGoal(beside("default", slowCpu.get("slow")), { atMost: 4 }),
    "blindIndexUs.vs.fast": beside("fast hash", cpu.get("fast")),
  };
};

interface CipherSweet {
  readonly BlindIndex: new (name: string, transformations: readonly unknown[], bits: number, fast: boolean) => unknown;
  readonly CipherSweet: new (provider: unknown, backend: unknown) => unknown;
  readonly EncryptedField: new (
    engine: unknown,
    table: string,
    field: string,
  ) => {
    addBlindIndex(index: unknown): void;
    getBlindIndex(value: string, name: string): Promise<unknown>;
    encryptValue(value: string | Buffer, place: string): Promise<string>;
    decryptValue(sealed: string, place: string): Promise<Buffer>;
  };
  readonly FIPSCrypto: new () => unknown;
  readonly Lowercase: new () => unknown;
  readonly StringProvider: new (key: string) => unknown;
}

/** Its own types lack what its documentation uses, and it is no ES module. */
const library = createRequire(import.meta.url)("ciphersweet-js") as CipherSweet;

const cipherSweet = (isFast: boolean): ((address: string) => Promise<unknown>) => {
  const field = emailField(isFast);
  return (address) => field.getBlindIndex(address, "email");
};

/** One row of a rotation: its field opened and sealed again, its index made. With the default, slow index. */
export const cipherSweetRow = () => {
  const field = emailField(false);
  const sealed = field.encryptValue("ann@bench.example", "row 1");
  return {
    reseal: async () => field.encryptValue(await field.decryptValue(await sealed, "row 1"), "row 1"),
    index: () => field.getBlindIndex("ann@bench.example", "email"),
  };
};

const emailField = (isFast: boolean) => {
  const provider = new library.StringProvider(randomBytes(32).toString("hex"));
  const field = new library.EncryptedField(
    new library.CipherSweet(provider, new library.FIPSCrypto()),
    "profiles",
    "email",
  );
  field.addBlindIndex(new library.BlindIndex("email", [new library.Lowercase()], 128, isFast));
  return field;
};
