import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import { EVENT_LABEL } from "../src/components/evidence.ts";
import { STACKS, type StackName } from "../src/config.ts";
import { DOMAINS } from "../src/names.ts";
import { stackFile } from "./stack-file.ts";
import { type Recorded, SERVICE, label, recordStack, text } from "./record-stack.ts";

const stacks = new Map<StackName, readonly Recorded[]>();
beforeAll(async () => {
  for (const stack of STACKS) stacks.set(stack, await recordStack(stack));
});
const resources = (stack: StackName, type?: string): readonly Recorded[] =>
  (stacks.get(stack) ?? []).filter((resource) => type === undefined || resource.type === type);

describe.each(STACKS)("stack %s", (stack) => {
  const all = (type?: string) => resources(stack, type);
  const google = () => all().filter(({ type }) => type.startsWith("gcp:"));
  const grants = () => google().filter(({ inputs }) => inputs["role"] !== undefined && inputs["member"] !== undefined);

  test("makes exactly what its golden inventory lists", () => {
    const file = join(__dirname, "golden", `${stack}.json`);
    const inventory = all().map(label).sort();
    if (process.env["FIREKEEP_UPDATE_GOLDEN"] === "1") writeFileSync(file, `${JSON.stringify(inventory, null, 2)}\n`);
    expect(existsSync(file)).toBe(true);
    expect(inventory).toEqual(JSON.parse(readFileSync(file, "utf8")));
  });

  test("lets exactly these accounts use each key", () => {
    const users = grants()
      .filter(({ type }) => type.startsWith("gcp:kms/"))
      .map(
        (grant) =>
          `${text(grant, "cryptoKeyId").replace(/-id$/, "")} ${text(grant, "role").replace("roles/cloudkms.", "")} ${text(grant, "member")}`,
      );
    expect(users.sort()).toEqual(
      [
        ...["encryption", "identity", "incidents"].flatMap((domain) => [
          `firekeep-red-fields cryptoKeyEncrypter serviceAccount:fn-${domain}`,
          `firekeep-red-fields cryptoKeyDecrypter serviceAccount:fn-${domain}`,
          `firekeep-amber-fields cryptoKeyEncrypter serviceAccount:fn-${domain}`,
          `firekeep-amber-fields cryptoKeyDecrypter serviceAccount:fn-${domain}`,
        ]),
        ...["encryption", "identity"].flatMap((domain) => [
          `firekeep-index-roots cryptoKeyEncrypter serviceAccount:fn-${domain}`,
          `firekeep-index-roots cryptoKeyDecrypter serviceAccount:fn-${domain}`,
        ]),
        "firekeep-vault-fields cryptoKeyEncrypter serviceAccount:fn-encryption",
        "firekeep-vault-fields cryptoKeyDecrypter serviceAccount:fn-encryption",
        "firekeep-index-roots cryptoKeyDecrypter serviceAccount:fn-detection",
        "firekeep-index-roots cryptoKeyDecrypter serviceAccount:fn-incidents",
        "firekeep-red-fields cryptoKeyEncrypter serviceAccount:fn-privacy", // exports are sealed
        "firekeep-red-fields cryptoKeyDecrypter serviceAccount:fn-privacy",
        "firekeep-amber-fields cryptoKeyDecrypter serviceAccount:fn-privacy",
        "firekeep-index-roots cryptoKeyDecrypter serviceAccount:fn-privacy",
        "firekeep-audit-signing signerVerifier serviceAccount:fn-audit",
        "firekeep-audit-signing signerVerifier serviceAccount:fn-privacy",
        "firekeep-audit-events signerVerifier serviceAccount:fn-identity",
      ].sort(),
    );
  });

  test("gives nobody a primitive or admin role, and nothing to everyone", () => {
    expect(grants().length).toBeGreaterThan(50); // the filter below must have something to look at
    const bad = grants().filter(
      (grant) =>
        /^roles\/(owner|editor|viewer)$|[aA]dmin$/.test(text(grant, "role")) ||
        /^(allUsers|allAuthenticatedUsers)$/.test(text(grant, "member")),
    );
    expect(bad.map((grant) => `${label(grant)}: ${text(grant, "role")}`)).toEqual([]);
    expect(
      google()
        .map(label)
        .filter((each) => /iamBinding|iamPolicy|serviceaccount\/key:/i.test(each)),
    ).toEqual([]);
  });

  test("lets nobody sign or act as another account, but for deployers", () => {
    const on = all("gcp:serviceaccount/iAMMember:IAMMember").map(
      (grant) =>
        `${text(grant, "serviceAccountId").split("/").pop() ?? ""} ${text(grant, "role")} ${text(grant, "member")}`,
    );
    const deployer = `serviceAccount:deploy@example-firekeep-${stack}.iam.gserviceaccount.com`;
    expect(on.sort()).toEqual(
      [
        ...DOMAINS.map((domain) => `fn-${domain} roles/iam.serviceAccountUser ${deployer}`),
        ...["identity", "encryption", "incidents", "privacy"].map(
          (domain) => `fn-${domain} roles/iam.serviceAccountUser serviceAccount:fn-${domain}`,
        ),
        "fn-identity roles/iam.serviceAccountTokenCreator serviceAccount:fn-identity",
      ].sort(),
    );
  });

  test("grants on the project only what no resource can carry", () => {
    const onProject = all("gcp:projects/iAMMember:IAMMember").filter(({ inputs }) => inputs["condition"] === undefined);
    expect([...new Set(onProject.map((grant) => text(grant, "role")))].sort()).toEqual([
      "projects/p/roles/firekeep.accounts.detection",
      "projects/p/roles/firekeep.accounts.identity",
      "projects/p/roles/firekeep.accounts.incidents",
      "projects/p/roles/firekeep.accounts.privacy",
      "roles/cloudtasks.enqueuer",
      "roles/eventarc.eventReceiver",
      "roles/run.invoker",
    ]);
  });

  test("lets exactly these accounts read a secret, and holds the value of none", () => {
    const readers = all("gcp:secretmanager/secretIamMember:SecretIamMember").map(
      (grant) => `${text(grant, "secretId")} ${text(grant, "role")} ${text(grant, "member")}`,
    );
    expect(readers).toEqual(["FIREKEEP_SMTP_URL roles/secretmanager.secretAccessor serviceAccount:fn-identity"]);
    expect(all().filter(({ type }) => /secretVersion/i.test(type))).toEqual([]);
  });

  test("opens each database by name, and no other to anyone", () => {
    const opened = grants().filter((grant) => text(grant, "role") === "roles/datastore.user");
    const databases = opened.map(
      ({ inputs }) => (inputs["condition"] as { expression?: string } | undefined)?.expression ?? "every database",
    );
    expect([...new Set(databases)].sort()).toEqual(
      ["(default)", "keys"].map(
        (database) => `resource.name == "projects/example-firekeep-${stack}/databases/${database}"`,
      ),
    );
    expect(opened).toHaveLength(12);
  });

  test("sends to evidence what the functions label as an event", () => {
    const source = readFileSync(join(__dirname, "../../functions/src/audit/record-event.ts"), "utf8");
    expect(source).toContain(`"logging.googleapis.com/labels": { ${EVENT_LABEL}:`);
    const filters = all("gcp:logging/projectSink:ProjectSink").filter(({ name }) => name.startsWith("evidence-"));
    expect(filters.map(({ inputs }) => inputs["filter"])).toEqual(
      Array(2).fill('resource.type="cloud_run_revision" AND labels.event_class:*'),
    );
  });

  test("cannot lose rings, keys, databases or evidence by a wrong line", () => {
    const forever = all().filter(({ type }) => /KeyRing$|CryptoKey$/.test(type));
    expect(forever).toHaveLength(11);
    for (const { name, protect, retainOnDelete } of forever)
      expect([name, protect, retainOnDelete]).toEqual([name, true, true]);
    const kept = all().filter(({ type }) => /firestore\/database:|storage\/bucket:/.test(type));
    expect(kept).toHaveLength(3);
    for (const { name, protect } of kept) expect([name, protect]).toEqual([name, true]);
  });

  test("rotates what encrypts within 90 days and delays every destruction", () => {
    for (const key of all("gcp:kms/cryptoKey:CryptoKey")) {
      const period = key.inputs["purpose"] === "ENCRYPT_DECRYPT" ? "7776000s" : undefined;
      expect([key.name, key.inputs["rotationPeriod"]]).toEqual([key.name, period]);
      expect(Number.parseInt(text(key, "destroyScheduledDuration"), 10)).toBeGreaterThanOrEqual(86_400);
    }
  });

  test("gives every sink's writer the right to write where it points", () => {
    const writers = grants()
      .filter((grant) => text(grant, "member").startsWith("serviceAccount:writer-of-"))
      .map((grant) => `${text(grant, "member").replace("serviceAccount:writer-of-", "")} ${text(grant, "role")}`);
    expect(writers.sort()).toEqual([
      "evidence-archive roles/storage.objectCreator",
      "evidence-queries roles/bigquery.dataEditor",
      "identity-activity roles/pubsub.publisher",
    ]);
    const activity = all("gcp:logging/projectSink:ProjectSink").find(({ name }) => name === "identity-activity");
    expect(activity?.inputs["filter"]).toMatch(
      /^logName="projects\/[a-z-]+\/logs\/identitytoolkit\.googleapis\.com%2Frequests"$/,
    );
    expect(activity?.inputs["destination"]).toMatch(/\/topics\/identity-activity$/);
  });

  test("lets only the log sink write identity activity", () => {
    const publishers = all("gcp:pubsub/topicIAMMember:TopicIAMMember").filter(
      (grant) => text(grant, "topic") === "identity-activity",
    );
    expect(publishers.map((grant) => text(grant, "member"))).toEqual(["serviceAccount:writer-of-identity-activity"]);
  });

  test("keeps what a topic's consumers gave up on", () => {
    const kept = all("gcp:pubsub/subscription:Subscription").map((subscription) => text(subscription, "topic"));
    expect(kept.sort()).toEqual([
      "identity-activity-dead-letter",
      "risk-assessed-dead-letter",
      "security-events-dead-letter",
    ]);
  });

  test("backs the keys up for a week and no longer", () => {
    const schedule = all("gcp:firestore/backupSchedule:BackupSchedule").find(
      ({ inputs }) => inputs["database"] === "keys",
    );
    expect(schedule?.inputs["retention"]).toBe("604800s");
  });

  test("puts the Armor policy before its only backend and answers plain HTTP by a redirect", () => {
    const backends = all("gcp:compute/backendService:BackendService");
    expect(backends.map(({ inputs }) => inputs["securityPolicy"])).toEqual(["link-of-firekeep-shield"]);
    expect(all("gcp:compute/uRLMap:URLMap").find(({ name }) => name === "redirect")?.inputs).toMatchObject({
      defaultUrlRedirect: { httpsRedirect: true },
    });
    expect(all("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup")[0]?.inputs).toMatchObject({
      cloudRun: { urlMask: "/<service>" },
    });
  });

  test("makes nothing before the APIs are on, and nothing by a default provider", () => {
    const names = google().map(({ type }) => type);
    expect(names.lastIndexOf(SERVICE)).toBe(names.filter((type) => type === SERVICE).length - 1);
    expect(
      google()
        .filter(({ provider }) => !provider.includes("::project"))
        .map(label),
    ).toEqual([]);
  });
});

test("keeps RED keys in an HSM where the stack says so, and those of L4 in every stack", () => {
  const levels = (stack: StackName) =>
    resources(stack, "gcp:kms/cryptoKey:CryptoKey")
      .map(({ name, inputs }) => `${name} ${JSON.stringify(inputs["versionTemplate"])}`)
      .filter((line) => line.includes('"HSM"'));
  const vault = expect.stringMatching(/^firekeep-vault-fields /) as unknown;
  expect(levels("dev")).toEqual([vault]);
  expect(levels("prod")).toEqual([expect.stringMatching(/^firekeep-red-fields /), vault]);
});

test("a second location has keys for fields, used by the same accounts, and leaves those at home as they are", async () => {
  const raw = stackFile("prod") as { locations: object };
  const two = { ...raw, locations: { ...raw.locations, keys: ["europe-west1", "europe-west3"] } };
  const before = resources("prod").map(label);
  const more = (await recordStack("prod", two)).filter((resource) => !before.includes(label(resource)));
  const rings = more
    .filter(({ type }) => type.endsWith("KeyRing"))
    .map(({ inputs }) => [inputs["name"], inputs["location"]]);
  expect(rings).toEqual(["red", "amber", "vault"].map((ring) => [`firekeep-${ring}`, "europe-west3"]));
  const keys = more.filter(({ type }) => type.endsWith("CryptoKey"));
  expect(keys.map(({ name, inputs }) => [name, inputs["keyRing"], inputs["name"]])).toEqual(
    ["red", "amber", "vault"].map((ring) => [
      `firekeep-${ring}-fields-europe-west3`,
      `firekeep-${ring}-europe-west3-id`,
      "fields",
    ]),
  );
  expect(keys.map(({ inputs }) => (inputs["versionTemplate"] as { protectionLevel: string }).protectionLevel)).toEqual([
    "HSM",
    "SOFTWARE",
    "HSM",
  ]);
  const users = (all: readonly Recorded[], suffix: string) =>
    all
      .filter((grant) => text(grant, "cryptoKeyId").endsWith(`-fields${suffix}-id`))
      .map((grant) =>
        [text(grant, "cryptoKeyId").replace(suffix, ""), text(grant, "role"), text(grant, "member")].join(" "),
      );
  expect(users(more, "-europe-west3").sort()).toEqual(users(resources("prod"), "").sort());
  expect(more).toHaveLength(6 + users(more, "-europe-west3").length);
});

test("locks the evidence of production for seven years", () => {
  expect(resources("prod", "gcp:storage/bucket:Bucket")[0]?.inputs).toMatchObject({
    publicAccessPrevention: "enforced",
    uniformBucketLevelAccess: true,
    retentionPolicy: { isLocked: true, retentionPeriod: String(2555 * 86_400) },
  });
});

test.each([
  [
    "events",
    /\bon(MessagePublished|Document[A-Z]\w*|Object[A-Z]\w*)\b/,
    ["roles/eventarc.eventReceiver", "roles/run.invoker"],
  ],
  ["tasks", /\bonTaskDispatched\b/, ["roles/cloudtasks.enqueuer", "roles/run.invoker"]],
])("lets every domain whose functions wait for %s receive them", (_, trigger, roles) => {
  const source = (domain: string) => join(__dirname, `../../functions/src/${domain}/functions.ts`);
  const waiting = DOMAINS.filter(
    (domain) => existsSync(source(domain)) && trigger.test(readFileSync(source(domain), "utf8")),
  );
  expect(waiting.length).toBeGreaterThan(0);
  const given = resources("prod", "gcp:projects/iAMMember:IAMMember").map(
    (grant) => `${text(grant, "role")} ${text(grant, "member")}`,
  );
  expect(given).toEqual(
    expect.arrayContaining(waiting.flatMap((domain) => roles.map((role) => `${role} serviceAccount:fn-${domain}`))),
  );
});

/** What is compared of functions/src/config.ts, which is compiled as CommonJS, and not with this folder's settings. */
interface FunctionsConfig {
  readonly config: {
    readonly privacy: {
      readonly horizon: Readonly<
        Record<"keysBackupMs" | "keysHistoryMs" | "plainBackupMs" | "kekEpochMs" | "kmsDestroyMs", number>
      >;
    };
  };
}

test.each(STACKS)("an erasure receipt promises nothing that %s does not keep", (stack) => {
  const { config } = jest.requireActual<FunctionsConfig>("../../functions/src/config.ts");
  const { horizon } = config.privacy;
  const inMs = (value: unknown) => Number(String(value).replace(/s$/, "")) * 1_000;
  const kept = (name: string) =>
    inMs(
      resources(stack, "gcp:firestore/backupSchedule:BackupSchedule").find((row) => row.name === name)?.inputs[
        "retention"
      ],
    );
  const wrapping = resources(stack, "gcp:kms/cryptoKey:CryptoKey").filter(
    ({ inputs }) => inputs["purpose"] === "ENCRYPT_DECRYPT",
  );
  const periods = wrapping.map(({ inputs }) => inMs(inputs["rotationPeriod"]));
  const delays = wrapping.map(({ inputs }) => inMs(inputs["destroyScheduledDuration"]));

  expect(kept("keys")).toBe(horizon.keysBackupMs);
  expect(kept("default")).toBeLessThanOrEqual(horizon.plainBackupMs);
  expect(horizon.keysHistoryMs).toBe(7 * 86_400_000); // point-in-time recovery, as long as Firestore has it
  expect(new Set(periods)).toEqual(new Set([horizon.kekEpochMs]));
  expect(Math.max(...delays)).toBeLessThanOrEqual(horizon.kmsDestroyMs);
});
