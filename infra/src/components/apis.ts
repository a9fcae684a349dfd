import { Service } from "@pulumi/gcp/projects/service.js";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";

/** What Firekeep calls, and what `firebase deploy` needs of a project. */
const APIS = [
  "artifactregistry",
  "bigquery",
  "billingbudgets",
  "cloudbuild",
  "cloudfunctions",
  "cloudkms",
  "cloudscheduler",
  "cloudtasks",
  "compute",
  "eventarc",
  "firebaseappcheck",
  "firestore",
  "iam",
  "iamcredentials",
  "identitytoolkit",
  "logging",
  "pubsub",
  "run",
  "secretmanager",
  "storage",
] as const;

/** The APIs of the project. Everything else waits for them; none is switched off again, for others may use it. */
export class Apis extends ComponentResource {
  readonly services: readonly Service[];

  constructor(name: string, args: { readonly project: string }, opts?: ComponentResourceOptions) {
    super("firekeep:project:Apis", name, {}, opts);
    this.services = APIS.map(
      (api) =>
        new Service(
          api,
          { project: args.project, service: `${api}.googleapis.com`, disableOnDestroy: false },
          { parent: this },
        ),
    );
    this.registerOutputs();
  }
}
