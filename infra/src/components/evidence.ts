import { Dataset } from "@pulumi/gcp/bigquery/dataset.js";
import { DatasetIamMember } from "@pulumi/gcp/bigquery/datasetIamMember.js";
import { ProjectSink } from "@pulumi/gcp/logging/projectSink.js";
import { TopicIAMMember } from "@pulumi/gcp/pubsub/topicIAMMember.js";
import type { Topic } from "@pulumi/gcp/pubsub/topic.js";
import { Bucket } from "@pulumi/gcp/storage/bucket.js";
import { BucketIAMMember } from "@pulumi/gcp/storage/bucketIAMMember.js";
import { ComponentResource, type ComponentResourceOptions, type Output, interpolate } from "@pulumi/pulumi";
import type { StackConfig } from "../config.ts";
import { EVIDENCE_DATASET, evidenceBucket } from "../names.ts";

export interface EvidenceArgs {
  readonly project: string;
  readonly location: string;
  readonly retention: StackConfig["evidence"];
  /** Where Identity Platform's activity goes, for detection. */
  readonly activity: Topic;
}

const DAY = 24 * 60 * 60; // seconds

/** Security events as functions log them: every one carries this label, and the OCSF event under `ocsf`. */
export const EVENT_LABEL = "event_class";
const EVENT_FILTER = `resource.type="cloud_run_revision" AND labels.${EVENT_LABEL}:*`;

/** Sign-ins that never reach a function, wrong passwords above all: Identity Platform tells them to its log only. */
const activityFilter = (project: string): string =>
  `logName="projects/${project}/logs/identitytoolkit.googleapis.com%2Frequests"`;

/** Log sinks: events to a bucket that keeps them unchanged and to a dataset that can be asked; sign-in activity to detection. */
export class Evidence extends ComponentResource {
  readonly bucketName: Output<string>;

  constructor(name: string, args: EvidenceArgs, opts?: ComponentResourceOptions) {
    super("firekeep:audit:Evidence", name, {}, opts);
    this.bucketName = this.archive(args);
    this.queries(args);
    this.activity(args);
    this.registerOutputs({ bucketName: this.bucketName });
  }

  private archive({ project, location, retention }: EvidenceArgs): Output<string> {
    const name = evidenceBucket(project);
    const bucket = new Bucket(
      "evidence",
      {
        project,
        name,
        location,
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        forceDestroy: false,
        retentionPolicy: { retentionPeriod: String(retention.retentionDays * DAY), isLocked: retention.locked },
        lifecycleRules: lifecycle(retention.retentionDays),
      },
      { parent: this, protect: true },
    );
    const sink = this.sink(
      "evidence-archive",
      project,
      interpolate`storage.googleapis.com/${bucket.name}`,
      EVENT_FILTER,
    );
    new BucketIAMMember(
      "evidence-archive",
      { bucket: bucket.name, role: "roles/storage.objectCreator", member: sink.writerIdentity },
      { parent: this },
    );
    return bucket.name;
  }

  private queries({ project, location, retention }: EvidenceArgs): void {
    const dataset = new Dataset(
      "evidence",
      {
        project,
        datasetId: EVIDENCE_DATASET,
        location,
        description: "Security events for queries. The archive bucket is the evidence.",
        defaultPartitionExpirationMs: Math.min(retention.retentionDays, 400) * DAY * 1000,
        deleteContentsOnDestroy: false,
      },
      { parent: this },
    );
    const destination = interpolate`bigquery.googleapis.com/projects/${project}/datasets/${dataset.datasetId}`;
    const sink = this.sink("evidence-queries", project, destination, EVENT_FILTER, true);
    new DatasetIamMember(
      "evidence-queries",
      { project, datasetId: dataset.datasetId, role: "roles/bigquery.dataEditor", member: sink.writerIdentity },
      { parent: this },
    );
  }

  private activity({ project, activity }: EvidenceArgs): void {
    const destination = interpolate`pubsub.googleapis.com/projects/${project}/topics/${activity.name}`;
    const sink = this.sink("identity-activity", project, destination, activityFilter(project));
    new TopicIAMMember(
      "identity-activity-sink",
      { project, topic: activity.name, role: "roles/pubsub.publisher", member: sink.writerIdentity },
      { parent: this },
    );
  }

  private sink(
    name: string,
    project: string,
    destination: Output<string>,
    filter: string,
    partitioned = false,
  ): ProjectSink {
    return new ProjectSink(
      name,
      {
        project,
        name: `firekeep-${name}`,
        destination,
        filter,
        uniqueWriterIdentity: true,
        ...(partitioned ? { bigqueryOptions: { usePartitionedTables: true } } : {}),
      },
      { parent: this },
    );
  }
}

/** Cheaper storage after a month, gone a day after the last day it must be kept: evidence is personal data too. */
const lifecycle = (retentionDays: number) => [
  ...(retentionDays > 395
    ? [{ action: { type: "SetStorageClass", storageClass: "ARCHIVE" }, condition: { age: 30 } }]
    : []),
  { action: { type: "Delete" }, condition: { age: retentionDays + 1 } },
];
