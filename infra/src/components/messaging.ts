import { ServiceIdentity } from "@pulumi/gcp/projects/serviceIdentity.js";
import { Subscription } from "@pulumi/gcp/pubsub/subscription.js";
import { Topic as PubSubTopic } from "@pulumi/gcp/pubsub/topic.js";
import { TopicIAMMember } from "@pulumi/gcp/pubsub/topicIAMMember.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { TOPIC_PUBLISHERS } from "../access.ts";
import { type Domain, TOPICS, type Topic, deadLetter, resourceName } from "../names.ts";

export interface MessagingArgs {
  readonly project: string;
  readonly region: string;
  readonly members: Readonly<Record<Domain, Output<string>>>;
}

/** The topics of the event spine, each with a dead-letter topic whose messages are kept for whoever looks. */
export class Messaging extends ComponentResource {
  readonly topics: Readonly<Record<Topic, PubSubTopic>>;

  constructor(name: string, args: MessagingArgs, opts?: ComponentResourceOptions) {
    super("firekeep:messaging:Messaging", name, {}, opts);
    const agent = new ServiceIdentity(
      "pubsub-agent",
      { project: args.project, service: "pubsub.googleapis.com" },
      { parent: this },
    );
    this.topics = Object.fromEntries(TOPICS.map((topic) => [topic, this.topic(topic, args)])) as Record<
      Topic,
      PubSubTopic
    >;
    for (const topic of TOPICS) {
      this.deadLetters(topic, args, agent.member);
      for (const domain of TOPIC_PUBLISHERS[topic])
        this.publisher(this.topics[topic], resourceName(topic, domain), args.project, args.members[domain]);
    }
    this.registerOutputs({ topics: TOPICS.map((topic) => this.topics[topic].name) });
  }

  private topic(name: string, { project, region }: MessagingArgs): PubSubTopic {
    return new PubSubTopic(
      name,
      {
        project,
        name,
        messageRetentionDuration: `${7 * 24 * 60 * 60}s`, // a subscription that was lost can seek back this far
        messageStoragePolicy: { allowedPersistenceRegions: [region] },
      },
      { parent: this },
    );
  }

  /** Subscriptions of functions are made by Eventarc at deploy; what they give up on is forwarded here by Pub/Sub itself. */
  private deadLetters(topic: Topic, args: MessagingArgs, agent: Output<string>): void {
    const name = deadLetter(topic);
    const dead = this.topic(name, args);
    new Subscription(
      name,
      {
        project: args.project,
        name: `${name}-review`,
        topic: dead.name,
        messageRetentionDuration: `${31 * 24 * 60 * 60}s`,
        expirationPolicy: { ttl: "" }, // never: a quiet month is no reason to stop keeping them
      },
      { parent: this },
    );
    this.publisher(dead, resourceName(name, "pubsub-agent"), args.project, agent);
  }

  private publisher(topic: PubSubTopic, name: string, project: string, member: Output<string>): void {
    new TopicIAMMember(name, { project, topic: topic.name, role: "roles/pubsub.publisher", member }, { parent: this });
  }
}
