import { DAY, type EpochMs } from "../kernel/time.js";

/** The document `incidentOutbox/{id}`: one notice for one webhook. The body is kept as bytes, so that every try sends the same. */
export interface Notice {
  readonly id: string;
  readonly webhook: string;
  readonly incident: string;
  readonly body: string;
  readonly state: "pending" | "delivered" | "dead";
  readonly attempts: number;
  readonly createdAt: EpochMs;
  readonly deliveredAt?: EpochMs;
}

export const NOTICE_KEPT_MS = 30 * DAY;

export interface OutboxStore {
  /** Adds the notice unless it is there. */
  add(notice: Notice): Promise<void>;
  find(id: string): Promise<Notice | undefined>;
  /** Notes how a try ended. */
  settle(id: string, outcome: Pick<Notice, "state" | "attempts" | "deliveredAt">): Promise<void>;
}

export const memoryOutboxStore = (): OutboxStore & { readonly notices: Map<string, Notice> } => {
  const notices = new Map<string, Notice>();
  return {
    notices,
    add: (notice) => {
      if (!notices.has(notice.id)) notices.set(notice.id, notice);
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(notices.get(id)),
    settle: (id, outcome) => {
      const notice = notices.get(id);
      if (notice !== undefined) notices.set(id, { ...notice, ...outcome });
      return Promise.resolve();
    },
  };
};
