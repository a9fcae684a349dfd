import type { DataKeyStore, KeyCursor } from "../keys/data-key-store.js";
import { unreadable } from "../keys/outage.js";
import { targetOf } from "./document-sweeps.js";
import type { Sweep } from "./sweep.js";

/** Data keys of epochs before the job's, once nothing is encrypted under them (see start-rotation.ts). */
export const retireSweep = ({ store }: { readonly store: DataKeyStore }): Sweep => ({
  parts: (job) => {
    const below = targetOf(job, "epoch");
    const sweep = { by: "low", below } as const;
    return Promise.resolve([
      {
        name: "data keys",
        count: () => store.count(sweep).catch(unreadable),
        page: async (cursor, limit) => {
          const after = cursor === "" ? {} : { after: JSON.parse(cursor) as KeyCursor };
          const { rows, next } = await store.page(sweep, { ...after, limit }).catch(unreadable);
          const items = rows.map(({ subject }) => ({
            path: `dataKeys/${subject}`,
            work: async () => (await store.retire(subject, below).catch(unreadable)) > 0,
          }));
          return { items, ...(next !== undefined && { next: JSON.stringify(next) }) };
        },
      },
    ]);
  },
});
