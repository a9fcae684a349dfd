import { IAMCustomRole } from "@pulumi/gcp/projects/iamcustomRole.js";
import { IAMMember as ProjectMember } from "@pulumi/gcp/projects/iammember.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import { IAMMember as AccountMember } from "@pulumi/gcp/serviceaccount/iammember.js";
import { BucketIAMMember } from "@pulumi/gcp/storage/bucketIAMMember.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { ACCOUNT_PERMISSIONS, BUCKET_USERS, PROJECT_GRANTS, TASK_CALLERS, TOKEN_SIGNERS } from "../access.ts";
import { DOMAINS, type Domain, accountId, resourceName } from "../names.ts";

export interface DomainIdentitiesArgs {
  readonly project: string;
  readonly appBucket: string;
  readonly deployers: readonly string[];
}

/** One service account a domain, and the grants that belong to no other component. */
export class DomainIdentities extends ComponentResource {
  /** IAM member of each domain, `serviceAccount:fn-…`. */
  readonly members: Readonly<Record<Domain, Output<string>>>;

  constructor(name: string, args: DomainIdentitiesArgs, opts?: ComponentResourceOptions) {
    super("firekeep:identity:DomainIdentities", name, {}, opts);
    const accounts = this.accounts(args);
    this.members = mapDomains((domain) => accounts[domain].member);
    this.grantOnAccounts(accounts, args.deployers);
    this.grantOnBucket(args.appBucket);
    this.grantOnProject(args.project);
    this.grantAccountPermissions(args.project);
    this.registerOutputs({ members: this.members });
  }

  private accounts({ project }: DomainIdentitiesArgs): Record<Domain, Account> {
    return mapDomains(
      (domain) =>
        new Account(
          accountId(domain),
          {
            project,
            accountId: accountId(domain),
            displayName: `Firekeep ${domain}`,
            description: `Functions of domain ${domain}.`,
          },
          { parent: this },
        ),
    );
  }

  /** Whoever deploys a function as an account, or queues a task that calls back as it, needs leave to act as it. */
  private grantOnAccounts(accounts: Record<Domain, Account>, deployers: readonly string[]): void {
    const grant = (domain: Domain, role: string, who: string, member: string | Output<string>): void => {
      new AccountMember(
        resourceName(accountId(domain), role.replace("roles/iam.", ""), who),
        { serviceAccountId: accounts[domain].name, role, member },
        { parent: this },
      );
    };
    for (const domain of DOMAINS)
      for (const deployer of deployers) grant(domain, "roles/iam.serviceAccountUser", deployer, deployer);
    for (const domain of TASK_CALLERS) grant(domain, "roles/iam.serviceAccountUser", "self", this.members[domain]);
    for (const domain of TOKEN_SIGNERS)
      grant(domain, "roles/iam.serviceAccountTokenCreator", "self", this.members[domain]);
  }

  private grantOnBucket(bucket: string): void {
    for (const domain of BUCKET_USERS) {
      new BucketIAMMember(
        resourceName("app-bucket", domain),
        { bucket, role: "roles/storage.objectUser", member: this.members[domain] },
        { parent: this },
      );
    }
  }

  private grantOnProject(project: string): void {
    for (const { role, domains } of PROJECT_GRANTS) {
      for (const domain of domains) {
        new ProjectMember(
          resourceName(role.replace("roles/", ""), domain),
          { project, role, member: this.members[domain] },
          { parent: this },
        );
      }
    }
  }

  private grantAccountPermissions(project: string): void {
    for (const domain of DOMAINS) {
      const permissions = ACCOUNT_PERMISSIONS[domain];
      if (permissions === undefined) continue;
      const role = new IAMCustomRole(
        `accounts-${domain}`,
        {
          project,
          roleId: `firekeep.accounts.${domain}`,
          title: `Firekeep ${domain}: accounts`,
          permissions: [...permissions],
        },
        { parent: this },
      );
      new ProjectMember(
        `accounts-${domain}`,
        { project, role: role.name, member: this.members[domain] },
        { parent: this },
      );
    }
  }
}

const mapDomains = <T>(make: (domain: Domain) => T): Record<Domain, T> =>
  Object.fromEntries(DOMAINS.map((domain) => [domain, make(domain)])) as Record<Domain, T>;
