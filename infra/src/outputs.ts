import type { StackConfig } from "./config.ts";
import {
  DOMAINS,
  type Domain,
  KEYS,
  type KeyName,
  TOPICS,
  accountId,
  evidenceBucket,
  ringOf,
  shortKeyName,
} from "./names.ts";

/** What the rest of the product, and its operators, need to know of a stack. Known before anything is made. */
export interface StackOutputs {
  readonly project: string;
  readonly region: string;
  /** Of the key rings, home first. */
  readonly keyLocations: readonly string[];
  readonly firestoreLocation: string;
  readonly bucketLocation: string;
  readonly publicUrl: string;
  readonly site: StackConfig["site"];
  readonly appBucket: string;
  readonly evidenceBucket: string;
  readonly keysDatabase: "keys";
  readonly accounts: Readonly<Record<Domain, string>>;
  /** At home. */
  readonly keys: Readonly<Record<KeyName, string>>;
  readonly topics: readonly string[];
}

export const stackOutputs = (config: StackConfig): StackOutputs => ({
  project: config.project,
  region: config.locations.functions,
  keyLocations: config.locations.keys,
  firestoreLocation: config.locations.firestore,
  bucketLocation: config.locations.bucket,
  publicUrl: `https://${config.hosts[0] ?? ""}`,
  site: config.site,
  appBucket: config.appBucket,
  evidenceBucket: evidenceBucket(config.project),
  keysDatabase: "keys",
  accounts: Object.fromEntries(
    DOMAINS.map((domain) => [domain, `${accountId(domain)}@${config.project}.iam.gserviceaccount.com`]),
  ) as Record<Domain, string>,
  keys: Object.fromEntries(KEYS.map((key) => [key, keyPath(config, key)])) as Record<KeyName, string>,
  topics: TOPICS,
});

/**
 * The variables of functions/src/config.ts that a stack decides. FIREKEEP_SMTP_URL is a secret, which Secret Manager gives;
 * the endpoints and FIREKEEP_TASKS_ACCOUNT are for local runs and must be absent in the cloud.
 */
const VARIABLES: Readonly<Record<string, (outputs: StackOutputs) => string | undefined>> = {
  FIREKEEP_KMS_LOCATION: ({ keyLocations }) => keyLocations.join(","),
  FIREKEEP_FIRESTORE_LOCATION: ({ firestoreLocation }) => firestoreLocation,
  FIREKEEP_BUCKET_LOCATION: ({ bucketLocation }) => bucketLocation,
  FIREKEEP_BUCKET: ({ appBucket }) => appBucket,
  FIREKEEP_PUBLIC_URL: ({ publicUrl }) => publicUrl,
  FIREKEEP_CONSOLE_URL: ({ site }) => site.console,
  FIREKEEP_RP_ID: ({ site }) => site.relyingParty,
  FIREKEEP_ORIGINS: ({ site }) => [site.console, ...site.origins].join(","),
  FIREKEEP_MAIL_FROM: ({ site }) => site.mailFrom,
  FIREKEEP_WEB_API_KEY: ({ site }) => (site.webApiKey === "none" ? undefined : site.webApiKey),
};

/** The text of `functions/.env.<project>`, which `firebase deploy` reads. No secret is in it. */
export const functionsEnv = (outputs: StackOutputs): string =>
  [
    `# Written by infra/ for project ${outputs.project}: change the stack, not this file.`,
    ...Object.entries(VARIABLES).flatMap(([name, read]) => {
      const value = read(outputs);
      return value === undefined ? [] : [`${name}=${quoted(name, value)}`];
    }),
    "",
  ].join("\n");

const quoted = (name: string, value: string): string => {
  if (!/^[\w./:@,+-]+$/.test(value))
    throw new Error(`${name} would be ${JSON.stringify(value)}, which an .env file cannot carry unquoted`);
  return value;
};

const keyPath = ({ project, locations }: StackConfig, key: KeyName): string =>
  `projects/${project}/locations/${locations.keys[0] ?? ""}/keyRings/${ringOf(key)}/cryptoKeys/${shortKeyName(key)}`;
