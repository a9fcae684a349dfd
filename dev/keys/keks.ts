import type { KeyManagementServiceClient } from "@google-cloud/kms";
import type { KekVersion } from "./show-status.ts";

/** KMS keys, through the official client with the operator's own credentials: never with those of functions. */
export interface Keks {
  list(): Promise<KekVersion[]>;
  /** Makes a version and has it encrypt from now on. @returns its number */
  renew(key: string): Promise<number>;
  change(act: "disable" | "enable" | "destroy" | "restore", key: string, version: string): Promise<string>;
}

export interface KekPlaces {
  readonly project: string;
  readonly home: string;
  readonly others: readonly string[];
  /** `config.kms.rings`. */
  readonly rings: Readonly<Record<string, string>>;
}

export const cloudKeks = (client: KeyManagementServiceClient, places: KekPlaces): Keks => {
  const nameOf = (key: string): string => {
    const [ring = "", location = places.home] = key.split("@");
    return client.cryptoKeyPath(
      places.project,
      location,
      places.rings[ring] ?? "",
      ring === "index" ? "roots" : "fields",
    );
  };
  const versionName = (key: string, version: string): string => `${nameOf(key)}/cryptoKeyVersions/${version}`;
  const setState = async (name: string, state: "ENABLED" | "DISABLED") => {
    const cryptoKeyVersion = { name, state } as const;
    const [changed] = await client.updateCryptoKeyVersion({ cryptoKeyVersion, updateMask: { paths: ["state"] } });
    return changed;
  };
  return {
    list: async () => {
      const keys = [places.home, ...places.others].flatMap((location) =>
        ["red", "amber", "vault", "index"].map((ring) => (location === places.home ? ring : `${ring}@${location}`)),
      );
      const found = await Promise.all(keys.map((key) => versionsOf(client, key, nameOf(key))));
      return found.flat();
    },
    renew: async (key) => {
      const [made] = await client.createCryptoKeyVersion({ parent: nameOf(key) });
      const version = numberOf(made.name);
      await client.updateCryptoKeyPrimaryVersion({ name: nameOf(key), cryptoKeyVersionId: String(version) });
      return version;
    },
    change: async (act, key, version) => {
      const name = versionName(key, version);
      if (act === "destroy") return stateOf((await client.destroyCryptoKeyVersion({ name }))[0]);
      if (act === "restore") return stateOf((await client.restoreCryptoKeyVersion({ name }))[0]);
      return stateOf(await setState(name, act === "enable" ? "ENABLED" : "DISABLED"));
    },
  };
};

// A key that does not exist has no versions: L4's, where no field is of L4.
const versionsOf = async (client: KeyManagementServiceClient, key: string, name: string): Promise<KekVersion[]> => {
  try {
    const [[found], [versions]] = await Promise.all([
      client.getCryptoKey({ name }),
      client.listCryptoKeyVersions({ parent: name }),
    ]);
    const primary = numberOf(found.primary?.name);
    return versions.map((version) => ({
      key,
      version: numberOf(version.name),
      state: stateOf(version),
      protection: HSM.has(version.protectionLevel) ? "HSM" : "SOFTWARE",
      primary: numberOf(version.name) === primary,
      createdAt: Number(version.createTime?.seconds ?? 0) * 1_000,
    }));
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_FOUND) return [];
    throw error;
  }
};

const NOT_FOUND = 5; // google.rpc.Code

const HSM: ReadonlySet<unknown> = new Set(["HSM", 2]); // google.cloud.kms.v1.ProtectionLevel, by name or number

const numberOf = (name: string | null | undefined): number => Number(name?.split("/").at(-1) ?? 0);

// google.cloud.kms.v1.CryptoKeyVersion.CryptoKeyVersionState, by number.
const STATES = ["UNKNOWN", "ENABLED", "DISABLED", "DESTROYED", "DESTROY_SCHEDULED"];

const stateOf = ({ state }: { state?: unknown }): string =>
  typeof state === "number" ? (STATES[state] ?? "UNKNOWN") : typeof state === "string" ? state : "UNKNOWN";
