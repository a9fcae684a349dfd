import { encryptionError } from "../errors.js";
import type { IndexRootDeps } from "../indexes/index-root.js";
import { ROOTS_KEY, rewrapRoot } from "../indexes/wrap-root.js";
import type { DataKeyStore, KeyCursor, KeyRow, Rewrapping } from "../keys/data-key-store.js";
import { isKeyClass, type KeyClass } from "../keys/key-class.js";
import { unreadable } from "../keys/outage.js";
import { versionsOf } from "../keys/subject-keys.js";
import { kmsKeyOf, rewrapDataKey } from "../keys/wrap-key.js";
import type { Item, Part, Sweep } from "./sweep.js";

export type RewrapDeps = IndexRootDeps & { readonly store: DataKeyStore };

/** The name of the index roots beside the key classes. */
export const ROOTS = "roots";

/**
 * Keys and roots that an older version of their KMS key wraps, under the primary one: a Decrypt and an Encrypt each. The data
 * is not touched.
 */
export const rewrapSweep = (deps: RewrapDeps): Sweep => ({
  parts: ({ targets }) => {
    const classes = Object.keys(targets).filter(isKeyClass).sort();
    const parts = classes.map((keyClass) => keysPart(deps, keyClass, targets[keyClass] ?? 1));
    return Promise.resolve([...parts, rootsPart(deps, targets[ROOTS] ?? 1)]);
  },
});

/**
 * The version of the KMS key that encrypts now, by encrypting a byte: what reads a key's settings needs a permission that
 * functions do not have.
 */
export const primaryOf = async ({ kms }: Pick<RewrapDeps, "kms">, name: string): Promise<number> => {
  const key = isKeyClass(name) ? kmsKeyOf(name) : ROOTS_KEY;
  const { version } = await kms.encrypt({ ...key, plaintext: Buffer.of(0), associatedData: Buffer.from("primary") });
  return version;
};

const keysPart = (deps: RewrapDeps, keyClass: KeyClass, below: number): Part => {
  const sweep = { by: "kek", class: keyClass, below } as const;
  return {
    name: keyClass,
    count: () => deps.store.count(sweep).catch(unreadable),
    page: async (cursor, limit) => {
      const after = cursor === "" ? {} : { after: JSON.parse(cursor) as KeyCursor };
      const { rows, next } = await deps.store.page(sweep, { ...after, limit }).catch(unreadable);
      const items = rows.map((row) => itemOf(deps, { keyClass, below, row }));
      return { items, ...(next !== undefined && { next: JSON.stringify(next) }) };
    },
  };
};

const itemOf = (
  deps: RewrapDeps,
  { keyClass, below, row: { subject, keys } }: { keyClass: KeyClass; below: number; row: KeyRow },
): Item => ({
  path: `dataKeys/${subject}`,
  work: async () => {
    const changes: Rewrapping[] = [];
    for (const version of versionsOf(keys, keyClass)) {
      const key = keys[keyClass]?.[String(version)];
      if (key === undefined || key.kek >= below) continue;
      const wrapping = await rewrapDataKey(deps.kms, { subject, keyClass, version }, key.wrapped);
      if (wrapping.kek < below) throw notPrimaryYet();
      changes.push({ class: keyClass, version, before: key.wrapped, ...wrapping });
    }
    return (await deps.store.rewrap(subject, changes).catch(unreadable)) > 0;
  },
});

const rootsPart = (deps: RewrapDeps, below: number): Part => {
  const older = async () => (await deps.roots.list().catch(unreadable)).filter(({ root }) => root.kek < below);
  return {
    name: ROOTS,
    count: async () => (await older()).length,
    page: async () => ({
      items: (await older()).map(({ name, root }) => ({
        path: `indexRoots/${name}`,
        work: async () => {
          const wrapped = await rewrapRoot(deps, Number(name), root);
          if (wrapped.kek < below) throw notPrimaryYet();
          return deps.roots.replace(name, root, wrapped).catch(unreadable);
        },
      })),
    }),
  };
};

// A new primary version is known everywhere after some hours at the latest: until then, the old one may still encrypt.
const notPrimaryYet = () =>
  encryptionError("keys-unavailable", { cause: new Error("the older version of the KMS key still encrypts") });
