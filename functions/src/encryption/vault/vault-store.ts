import type { StagedEvent } from "../../audit/index.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Refusal, Step, VaultRequest } from "./vault-request.js";

/** What goes into the same commit: it is on record if and only if the change is made. */
export type Record = Pick<StagedEvent, "addTo">;

/** Requests, in steps that are atomic each: two that race never both win. */
export interface VaultStore {
  /** Keeps a new request together with its record. */
  add(request: VaultRequest, record: Record): Promise<void>;
  find(id: string): Promise<VaultRequest | undefined>;
  /** Applies one step to what the request is at that moment, and keeps the record with it: both or neither. */
  apply(id: string, step: (now: VaultRequest | undefined) => Step, record: Record | undefined): Promise<Outcome>;
  /** Newest first. */
  list(page: { limit: number; before?: EpochMs }): Promise<VaultRequest[]>;
  /** Silent ones whose silence is over. */
  overdue(now: EpochMs, limit: number): Promise<VaultRequest[]>;
}

export type Outcome = { readonly done: VaultRequest } | { readonly refused: Refusal };

export const memoryVaultStore = (): VaultStore & { readonly requests: Map<string, VaultRequest> } => {
  const requests = new Map<string, VaultRequest>();
  const writer = { create: () => undefined };
  return {
    requests,
    add: async (request, record) => {
      await Promise.resolve();
      requests.set(request.id, request);
      record.addTo(writer);
    },
    find: (id) => Promise.resolve(requests.get(id)),
    apply: async (id, step, record) => {
      await Promise.resolve();
      const taken = step(requests.get(id));
      if ("refused" in taken) return taken;
      record?.addTo(writer);
      requests.set(id, taken.next);
      return { done: taken.next };
    },
    list: ({ limit, before = Infinity }) => {
      const rows = [...requests.values()].filter(({ requestedAt }) => requestedAt < before);
      return Promise.resolve(rows.sort((a, b) => b.requestedAt - a.requestedAt).slice(0, limit));
    },
    overdue: (now, limit) => {
      const rows = [...requests.values()].filter(({ hiddenUntil }) => hiddenUntil !== undefined && hiddenUntil <= now);
      return Promise.resolve(rows.slice(0, limit));
    },
  };
};
