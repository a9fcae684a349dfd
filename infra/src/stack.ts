import { Provider } from "@pulumi/gcp/provider.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { armorPolicy } from "./armor/rules.ts";
import { Apis } from "./components/apis.ts";
import { ArmorShield } from "./components/armor-shield.ts";
import { BudgetWatch } from "./components/budget-watch.ts";
import { DomainIdentities } from "./components/domain-identities.ts";
import { Edge } from "./components/edge.ts";
import { Evidence } from "./components/evidence.ts";
import { FirestoreVault } from "./components/firestore-vault.ts";
import { KeyVault } from "./components/key-vault.ts";
import { Messaging } from "./components/messaging.ts";
import { SecretBox } from "./components/secret-box.ts";
import type { StackConfig } from "./config.ts";

/** One stack: composition only. Every part is in its component, every name in names.ts, every grant in access.ts. */
export class Firekeep extends ComponentResource {
  /** Where DNS must point. */
  readonly edgeAddress: Output<string>;

  constructor(name: string, config: StackConfig, opts?: ComponentResourceOptions) {
    super("firekeep:stack:Firekeep", name, {}, opts);
    const { project, locations } = config;
    const region = locations.functions;
    // Explicit, so that nobody's gcloud or environment decides where things are made.
    const provider = new Provider(
      "project",
      { project, region, userProjectOverride: true, billingProject: project },
      { parent: this },
    );
    const first = { parent: this, providers: [provider] };
    const apis = new Apis("apis", { project }, first);
    const inside = { ...first, dependsOn: [apis] };

    const { members } = new DomainIdentities(
      "identities",
      { project, appBucket: config.appBucket, deployers: config.deployers },
      inside,
    );
    new KeyVault("keys", { project, locations: locations.keys, protection: config.keys, members }, inside);
    new SecretBox("secrets", { project, location: region, members }, inside);
    const { topics } = new Messaging("messaging", { project, region, members }, inside);
    new Evidence(
      "evidence",
      { project, location: locations.evidence, retention: config.evidence, activity: topics["identity-activity"] },
      inside,
    );
    new FirestoreVault(
      "firestore",
      { project, location: locations.firestore, backupDays: config.firestore.backupDays, members },
      inside,
    );
    const shield = new ArmorShield("shield", { project, policy: armorPolicy(config) }, inside);
    const edge = new Edge("edge", { project, region, hosts: config.hosts, securityPolicy: shield.policyLink }, inside);
    if (config.budget !== "none") new BudgetWatch("budget", { project, budget: config.budget }, inside);

    this.edgeAddress = edge.address;
    this.registerOutputs({ edgeAddress: this.edgeAddress });
  }
}
