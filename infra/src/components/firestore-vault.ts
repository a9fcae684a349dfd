import { BackupSchedule } from "@pulumi/gcp/firestore/backupSchedule.js";
import { Database } from "@pulumi/gcp/firestore/database.js";
import { IAMMember } from "@pulumi/gcp/projects/iammember.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { DATABASE_USERS } from "../access.ts";
import { DATABASES, type DatabaseName, type Domain, resourceName } from "../names.ts";

export interface FirestoreVaultArgs {
  readonly project: string;
  readonly location: string;
  readonly backupDays: number;
  readonly members: Readonly<Record<Domain, Output<string>>>;
}

/** The longest that a destroyed key may live on in a backup: part of what an erasure receipt promises. */
export const KEYS_BACKUP_DAYS = 7;

const DAY = 24 * 60 * 60; // seconds

/**
 * The two databases. Wrapped data keys are kept apart so that their backups can be short: erasing a person means
 * destroying their keys, and it is complete only when no backup holds them.
 */
export class FirestoreVault extends ComponentResource {
  constructor(name: string, args: FirestoreVaultArgs, opts?: ComponentResourceOptions) {
    super("firekeep:data:FirestoreVault", name, {}, opts);
    for (const database of DATABASES) {
      const made = this.database(database, args);
      new BackupSchedule(
        resourceName(database),
        {
          project: args.project,
          database: made.name,
          retention: `${(database === "keys" ? KEYS_BACKUP_DAYS : args.backupDays) * DAY}s`,
          dailyRecurrence: {},
        },
        { parent: this },
      );
      this.grant(database, args);
    }
    this.registerOutputs();
  }

  private database(name: DatabaseName, { project, location }: FirestoreVaultArgs): Database {
    return new Database(
      resourceName(name),
      {
        project,
        name,
        locationId: location,
        type: "FIRESTORE_NATIVE",
        pointInTimeRecoveryEnablement: "POINT_IN_TIME_RECOVERY_ENABLED", // 7 days: within KEYS_BACKUP_DAYS
        deleteProtectionState: "DELETE_PROTECTION_ENABLED",
        deletionPolicy: "ABANDON",
      },
      { parent: this, protect: true },
    );
  }

  /** Firestore has no grants on a database of its own: the role is on the project, the condition names the database. */
  private grant(database: DatabaseName, { project, members }: FirestoreVaultArgs): void {
    for (const domain of DATABASE_USERS[database]) {
      new IAMMember(
        resourceName("datastore-user", database, domain),
        {
          project,
          role: "roles/datastore.user",
          member: members[domain],
          condition: { title: `Database ${database} only`, expression: databaseCondition(project, database) },
        },
        { parent: this },
      );
    }
  }
}

export const databaseCondition = (project: string, database: DatabaseName): string =>
  `resource.name == "projects/${project}/databases/${database}"`;
