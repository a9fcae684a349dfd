import { Secret } from "@pulumi/gcp/secretmanager/secret.js";
import { SecretIamMember } from "@pulumi/gcp/secretmanager/secretIamMember.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { SECRET_READERS } from "../access.ts";
import { type Domain, SECRETS, resourceName } from "../names.ts";

export interface SecretBoxArgs {
  readonly project: string;
  readonly location: string;
  readonly members: Readonly<Record<Domain, Output<string>>>;
}

/** Empty secrets and who may read them. An operator puts the value in: `gcloud secrets versions add <name> --data-file=-`. */
export class SecretBox extends ComponentResource {
  constructor(name: string, { project, location, members }: SecretBoxArgs, opts?: ComponentResourceOptions) {
    super("firekeep:identity:SecretBox", name, {}, opts);
    for (const secret of SECRETS) {
      const made = new Secret(
        secret,
        { project, secretId: secret, replication: { userManaged: { replicas: [{ location }] } } },
        { parent: this },
      );
      for (const domain of SECRET_READERS[secret]) {
        new SecretIamMember(
          resourceName(secret, domain),
          {
            project,
            secretId: made.secretId,
            role: "roles/secretmanager.secretAccessor",
            member: members[domain],
          },
          { parent: this },
        );
      }
    }
    this.registerOutputs();
  }
}
