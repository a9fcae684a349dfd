import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeRules as writeRulesOf } from "../rules.ts";
import { setupError } from "../setup/say.mjs";
import { writeDataMap } from "./example.ts";
import { root } from "./paths.ts";
import { PORT_NAMES } from "./ports.ts";
import type { Ports } from "./ports.ts";

export const PROJECT = "demo-firekeep";
export const REGION = "europe-west1";
export const BUCKET = `${PROJECT}.appspot.com`;
const HOST = "127.0.0.1";

export interface ProjectFacts {
  runDir: string;
  example: string;
  ports: Ports;
  storage: boolean;
  /** `host:port` of the local KMS. */
  kms: string | undefined;
  /** `smtp://host:port` of the mail receiver. */
  mail: string | undefined;
}

/** Writes the Firebase project of one run: its own copy of the functions, the rules and the built console. */
export const writeProject = (facts: ProjectFacts): void => {
  const { runDir, example, ports } = facts;
  writeFunctions(runDir, example, functionsEnvironment(facts), secretEnvironment(facts));
  writeRules(runDir);
  writeHosting(runDir, ports, FILE_FOLDERS[example]);
  writeFileSync(
    join(runDir, "firebase.json"),
    JSON.stringify(firebaseJson(ports, facts.storage, deployedHosting()), null, 2),
  );
};

/** What the product reads as its per-project configuration. */
export const functionsEnvironment = ({ ports, kms }: Pick<ProjectFacts, "ports" | "kms">): Record<string, string> => ({
  FIREKEEP_KMS_LOCATION: REGION,
  FIREKEEP_FIRESTORE_LOCATION: REGION,
  FIREKEEP_BUCKET_LOCATION: REGION,
  ...(kms !== undefined && { FIREKEEP_KMS_ENDPOINT: kms }),
  FIREKEEP_BUCKET: BUCKET,
  FIREKEEP_PUBLIC_URL: `http://${HOST}:${String(ports.functions)}/${PROJECT}/${REGION}`,
  FIREKEEP_WEBHOOK_ORIGINS: [ports.receiver, ports.partner].map((port) => `http://${HOST}:${String(port)}`).join(","),
  FIREKEEP_TASKS_ACCOUNT: `fn-tasks@${PROJECT}.iam.gserviceaccount.com`,
  FIREKEEP_WEB_API_KEY: "demo-key",
  FIREKEEP_IDENTITY_ENDPOINT: `http://${HOST}:${String(ports.auth)}/identitytoolkit.googleapis.com`,
  FIREKEEP_MAIL_FROM: "security@firekeep.example",
  FIREKEEP_CONSOLE_URL: urlsOf(ports).console,
  FIREKEEP_RP_ID: "localhost", // passkeys want a name, not an address
  FIREKEEP_ORIGINS: urlsOf(ports).console,
});

/** What the product reads from Secret Manager in production. */
export const secretEnvironment = ({ mail }: Pick<ProjectFacts, "mail">): Record<string, string> => ({
  FIREKEEP_SMTP_URL: mail ?? "off",
});

export const firebaseJson = (ports: Ports, storage: boolean, deployed: DeployedHosting = {}): object => {
  const emulators = EMULATORS.filter((name) => storage || name !== "storage");
  const listen = Object.fromEntries(emulators.map((name) => [name, { host: HOST, port: ports[name] }]));
  return {
    functions: [{ source: "functions", codebase: "default", runtime: "nodejs22" }],
    firestore: { rules: "firestore.rules", indexes: "firestore.indexes.json" },
    ...(storage && { storage: { rules: "storage.rules" } }),
    hosting: hostingFor(ports, deployed),
    emulators: {
      ...listen,
      firestore: { host: HOST, port: ports.firestore, websocketPort: ports.websocket },
      ui: { enabled: false },
      singleProjectMode: true,
    },
  };
};

/** The part of the root's firebase.json that the run shares with production. */
export interface DeployedHosting {
  rewrites?: object[];
  headers?: { source: string; headers: { key: string; value: string }[] }[];
}

/** Production's headers, so that a page which they break, breaks here; the policy also lets it call the emulators. */
const hostingFor = (ports: Ports, { rewrites, headers }: DeployedHosting): object => {
  const called = [ports.auth, ports.firestore, ports.functions, ports.storage].map(
    (port) => `http://${HOST}:${String(port)}`,
  );
  const allow = (value: string): string => value.replace(/connect-src /, `connect-src ${called.join(" ")} `);
  return {
    public: "hosting",
    ignore: [],
    rewrites: rewrites ?? [{ source: "**", destination: "/index.html" }],
    headers: (headers ?? []).map((rule) => ({
      ...rule,
      headers: rule.headers.map(({ key, value }) => ({
        key,
        value: key.toLowerCase() === "content-security-policy" ? allow(value) : value,
      })),
    })),
  };
};

const deployedHosting = (): DeployedHosting => {
  const file = join(root, "firebase.json");
  if (!existsSync(file)) return {};
  return (JSON.parse(readFileSync(file, "utf8")) as { hosting?: DeployedHosting }).hosting ?? {};
};

export const EMULATORS = PORT_NAMES.filter((name) => !["websocket", "inspector", "receiver", "partner"].includes(name));

/** How clients reach the emulators. The Admin SDK and Google's clients read these variables by themselves. */
export const emulatorEnvironment = (ports: Ports, storage: boolean): Record<string, string> => {
  const at = (name: keyof Ports): string => `${HOST}:${String(ports[name])}`;
  return {
    GCLOUD_PROJECT: PROJECT,
    GOOGLE_CLOUD_PROJECT: PROJECT,
    FIREBASE_CONFIG: JSON.stringify({ projectId: PROJECT, storageBucket: BUCKET }),
    FIREBASE_AUTH_EMULATOR_HOST: at("auth"),
    FIRESTORE_EMULATOR_HOST: at("firestore"),
    PUBSUB_EMULATOR_HOST: at("pubsub"),
    CLOUD_TASKS_EMULATOR_HOST: at("tasks"),
    CLOUD_EVENTARC_EMULATOR_HOST: `http://${at("eventarc")}`,
    FIREBASE_EMULATOR_HUB: at("hub"),
    ...(storage && {
      FIREBASE_STORAGE_EMULATOR_HOST: at("storage"),
      STORAGE_EMULATOR_HOST: `http://${at("storage")}`,
    }),
    METADATA_SERVER_DETECTION: "none",
  };
};

export interface SuiteUrls {
  console: string;
  auth: string;
  functions: string;
  firestore: string;
  storage: string;
  eventarc: string;
  hub: string;
}

export const urlsOf = (ports: Ports): SuiteUrls => {
  const at = (name: keyof Ports): string => `http://${HOST}:${String(ports[name])}`;
  return {
    console: `http://localhost:${String(ports.hosting)}`, // WebAuthn wants a name, not an address
    auth: at("auth"),
    functions: at("functions"),
    firestore: at("firestore"),
    storage: at("storage"),
    eventarc: at("eventarc"),
    hub: at("hub"),
  };
};

/** What the web SDK needs; in production Firebase Hosting answers the same at /__/firebase/init.json. */
export const webConfig = (ports: Ports): object => {
  const { auth, firestore, functions, storage } = urlsOf(ports);
  return {
    firebase: {
      apiKey: "demo-key",
      appId: "1:000000000000:web:0000000000000000",
      projectId: PROJECT,
      authDomain: `${PROJECT}.firebaseapp.com`,
      storageBucket: BUCKET,
    },
    region: REGION,
    emulators: { auth, firestore, functions, storage },
  };
};

const writeFunctions = (
  runDir: string,
  example: string,
  env: Record<string, string>,
  secrets: Record<string, string>,
): void => {
  const from = join(root, "functions");
  const to = join(runDir, "functions");
  // Only what is deployed: assets beside lib/ too, sources and tests not. Big folders are linked.
  const linked = ["node_modules", "lib/data"].filter((name) => existsSync(join(from, name)));
  const skipped = new Set([...linked, "src"].map((name) => join(from, name)));
  cpSync(from, to, { recursive: true, filter: (path) => !skipped.has(path) && !/[/\\]\.env(\.|$)/.test(path) });
  for (const name of linked) symlinkSync(join(from, name), join(to, name));
  writeDataMap(example, join(to, "lib"));
  writeFileSync(join(to, `.env.${PROJECT}`), linesOf(env));
  writeFileSync(join(to, ".secret.local"), linesOf(secrets)); // where the emulator looks before Secret Manager
};

const linesOf = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
    .join("");

/** The rules that the example's data map asks for. A data map with faults is refused here, with all of them. */
const writeRules = (runDir: string): void => {
  try {
    writeRulesOf(join(runDir, "functions/lib"), runDir);
  } catch (error) {
    if (error instanceof Error && error.name === "DataMapError") throw setupError(error.message, error);
    throw error;
  }
};

/** Folders of an example's data map that the console shows a person's own files of. */
const FILE_FOLDERS: Readonly<Record<string, object>> = { dating: { folder: "attachments", sealed: "sealed" } };

const writeHosting = (runDir: string, ports: Ports, files: object | undefined): void => {
  const to = join(runDir, "hosting");
  const built = join(root, "console/dist");
  if (existsSync(built)) cpSync(built, to, { recursive: true });
  else mkdirSync(to);
  if (!existsSync(join(to, "index.html")))
    writeFileSync(join(to, "index.html"), "<!doctype html><title>Firekeep</title>");
  writeFileSync(join(to, "config.json"), JSON.stringify({ ...webConfig(ports), ...(files && { files }) }, null, 2));
};
