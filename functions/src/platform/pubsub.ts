import type { PubSub, Topic } from "@google-cloud/pubsub";
import { projectId } from "../config.js";
import { lazy } from "../kernel/lazy.js";
import { SECOND, type Clock, type EpochMs } from "../kernel/time.js";
import { pubsubSdk } from "./sdk.js";

/** Puts a message on a topic. Resolves once Pub/Sub has it; throws when it has not, or not in time. */
export interface Publisher {
  /** `attributes` are what subscriptions filter on. Neither may hold more than consumers need. */
  publish(topic: string, message: object, attributes?: Readonly<Record<string, string>>): Promise<void>;
}

/** How long a request waits for Pub/Sub, and how long an instance leaves it alone after it failed. */
const WAIT_MS = 3 * SECOND;
const PAUSE_MS = 10 * SECOND;

/** The real client, made on first use. It finds the emulator by itself. */
export const pubsubPublisher = (): Publisher => {
  const client = lazy((): PubSub => new (pubsubSdk().PubSub)({ projectId: projectId() }));
  const topics = new Map<string, Topic>();
  return {
    publish: async (name, message, attributes = {}) => {
      const topic = topics.get(name) ?? client().topic(name, { batching: { maxMilliseconds: 5 } });
      topics.set(name, topic);
      await within(WAIT_MS, topic.publishMessage({ json: message, attributes: { ...attributes } }));
    },
  };
};

/** Refuses at once for a while after a failure, so that an outage costs one request its wait and not every request. */
export const pausingPublisher = (publisher: Publisher, clock: Clock): Publisher => {
  let pausedUntil: EpochMs = 0;
  return {
    publish: async (topic, message, attributes) => {
      if (clock() < pausedUntil) throw new Error("publishing is paused after a failure");
      try {
        await publisher.publish(topic, message, attributes);
      } catch (error) {
        pausedUntil = clock() + PAUSE_MS;
        throw error;
      }
    },
  };
};

/** Keeps what was published, for tests. */
export const memoryPublisher = (): Publisher & { readonly messages: { topic: string; message: object }[] } => {
  const messages: { topic: string; message: object }[] = [];
  return {
    messages,
    publish: (topic, message) => {
      messages.push({ topic, message });
      return Promise.resolve();
    },
  };
};

const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Pub/Sub did not answer within ${String(ms)} ms`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
