import type { Suite } from "../suite/index.ts";
import type { Observe } from "./observe.ts";
import type { Person } from "./person.ts";
import type { Scene } from "./scene.ts";
import type { WebhookReceiver } from "./webhook-receiver.ts";

/** Everything the steps share. What one step learns and a later one needs stands in `memory`. */
export interface World {
  readonly suite: Suite;
  /** The person the story is about: at home in Oslo. */
  readonly ann: Person;
  /** A member of the security team, with a second factor. */
  readonly operator: Person;
  /** Reads Firestore, Auth, Storage and the key database past the rules, only to look. */
  readonly observe: Observe;
  readonly receiver: WebhookReceiver;
  readonly memory: {
    totpSecret?: string;
    backupCodes?: readonly string[];
    uid?: string;
    lastTotpStep?: number;
    operatorSecret?: string;
    operatorStep?: number;
  };
}

export interface Step {
  readonly title: string;
  readonly run: (world: World, scene: Scene) => Promise<void>;
}
