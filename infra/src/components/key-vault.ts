import { CryptoKey } from "@pulumi/gcp/kms/cryptoKey.js";
import { CryptoKeyIAMMember } from "@pulumi/gcp/kms/cryptoKeyIAMMember.js";
import { KeyRing } from "@pulumi/gcp/kms/keyRing.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { KEY_ROLES, KEY_USERS } from "../access.ts";
import type { StackConfig } from "../config.ts";
import { DOMAINS, type Domain, FIELD_KEYS, KEYS, type KeyName, resourceName, ringOf, shortKeyName } from "../names.ts";

export interface KeyVaultArgs {
  readonly project: string;
  /** Home first. */
  readonly locations: readonly string[];
  readonly protection: StackConfig["keys"];
  readonly members: Readonly<Record<Domain, Output<string>>>;
}

/**
 * The key rings, one a data class and location, and who may use each key. Rings and keys can never be deleted in Cloud KMS, and
 * the destruction of a key destroys the data under it: Pulumi may neither delete nor forget them by accident.
 */
export class KeyVault extends ComponentResource {
  /** Full resource name of each key at home. */
  readonly keyIds: Readonly<Record<KeyName, Output<string>>>;

  constructor(name: string, args: KeyVaultArgs, opts?: ComponentResourceOptions) {
    super("firekeep:encryption:KeyVault", name, {}, opts);
    const [home = "", ...others] = args.locations;
    this.keyIds = Object.fromEntries(this.makeKeys(args, KEYS, home)) as Record<KeyName, Output<string>>;
    for (const location of others) this.makeKeys(args, FIELD_KEYS, location, location);
    this.registerOutputs({ keyIds: this.keyIds });
  }

  /** @param suffix of the resources' names; none at home, so that a second location leaves the first as it is */
  private makeKeys(args: KeyVaultArgs, names: readonly KeyName[], location: string, ...suffix: readonly string[]) {
    const forever = { parent: this, protect: true, retainOnDelete: true };
    const rings = new Map(
      [...new Set(names.map(ringOf))].map((name) => {
        const form = { project: args.project, name, location };
        return [name, new KeyRing([name, ...suffix].join("-"), form, forever)] as const;
      }),
    );
    return names.map((key) => {
      const ring = rings.get(ringOf(key));
      if (ring === undefined) throw new Error(`no ring for key ${key}`);
      const form = { name: shortKeyName(key), keyRing: ring.id, ...keyForm(key, args.protection) };
      const made = new CryptoKey(resourceName(key, ...suffix), form, forever);
      this.grant(key, made, args.members, suffix);
      return [key, made.id] as const;
    });
  }

  private grant(key: KeyName, made: CryptoKey, members: KeyVaultArgs["members"], suffix: readonly string[]): void {
    for (const domain of DOMAINS) {
      for (const use of KEY_USERS[key][domain] ?? []) {
        new CryptoKeyIAMMember(
          resourceName(key, use, domain, ...suffix),
          { cryptoKeyId: made.id, role: KEY_ROLES[use], member: members[domain] },
          { parent: this },
        );
      }
    }
  }
}

const DAY = 24 * 60 * 60; // seconds

const keyForm = (key: KeyName, { redProtection, destroyDelayDays }: StackConfig["keys"]) => {
  const destroyScheduledDuration = `${destroyDelayDays * DAY}s`;
  if (key === "firekeep-audit/signing") {
    // Cloud KMS does not rotate signing keys by itself: a new version is a decision, for verifiers must learn its public key.
    return {
      purpose: "ASYMMETRIC_SIGN",
      destroyScheduledDuration,
      versionTemplate: { algorithm: "EC_SIGN_ED25519", protectionLevel: "SOFTWARE" },
    };
  }
  if (key === "firekeep-audit/events") {
    // ES256, which every receiver of security event tokens can verify. A new version is published before it signs: config.signals.keyVersions.
    return {
      purpose: "ASYMMETRIC_SIGN",
      destroyScheduledDuration,
      versionTemplate: { algorithm: "EC_SIGN_P256_SHA256", protectionLevel: "SOFTWARE" },
    };
  }
  const protectionLevel = protectionOf(key, redProtection);
  return {
    purpose: "ENCRYPT_DECRYPT",
    rotationPeriod: `${90 * DAY}s`, // CIS GCP Foundation v5.0.0, 1.11
    destroyScheduledDuration,
    versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel },
  };
};

// What L4 promises is that its key never leaves the hardware: in every stack, so that no test passes on less.
const protectionOf = (key: KeyName, redProtection: StackConfig["keys"]["redProtection"]): string => {
  if (ringOf(key) === "firekeep-vault") return "HSM";
  return ringOf(key) === "firekeep-red" ? redProtection : "SOFTWARE";
};
