import type { DataKeyStore } from "../keys/data-key-store.js";
import type { DataKeys, Keys, KeyUse } from "../keys/data-keys.js";
import { unreadable } from "../keys/outage.js";
import { versionsOf } from "../keys/subject-keys.js";
import { tierOf, type KeyClass } from "../keys/key-class.js";
import type { DocumentPlan } from "../tokens/document-plan.js";
import { inChunks } from "./in-chunks.js";

export interface WarmOptions {
  /** Makes the keys that people do not have yet, as a write needs them. True unless said. */
  readonly create?: boolean;
  /** L4 keys too. They are for fields that are written here; only two people together read them. */
  readonly hardware?: boolean;
}

/**
 * Every key of these people that documents of the collection may need: those to write with, and those of every epoch that is
 * still to be read. They end with the cache's time (`config.keys.cacheMs`) at the latest.
 *
 * @throws encryption/keys-unavailable, encryption/kms-unavailable, encryption/kms-refused
 */
export const warmKeys = async (
  deps: { readonly dataKeys: DataKeys; readonly store: DataKeyStore },
  plan: DocumentPlan,
  { subjects, create = true, hardware = false }: WarmOptions & { readonly subjects: readonly string[] },
): Promise<Keys> => {
  const classes = classesOf(plan).filter((keyClass) => hardware || tierOf(keyClass) !== "VAULT");
  const people = [...new Set(subjects)];
  const found = new Map<string, readonly Keys[]>();
  await inChunks(people, async (subject) => {
    const current = classes.map((keyClass): KeyUse => ({ subject, class: keyClass }));
    const toWrite = create ? [await deps.dataKeys.warm(current, { create: true })] : [];
    const stored = await deps.store.find(subject).catch(unreadable);
    const held = (keyClass: KeyClass, version: number) => toWrite.some((keys) => keys.find(subject, keyClass, version));
    const older = classes.flatMap((keyClass) =>
      versionsOf(stored, keyClass)
        .filter((version) => !held(keyClass, version))
        .map((version): KeyUse => ({ subject, class: keyClass, version })),
    );
    found.set(subject, [...toWrite, await deps.dataKeys.warm(older, { create: false })]);
  });
  return {
    find: (subject, keyClass, version) => {
      for (const keys of found.get(subject) ?? []) {
        const key = keys.find(subject, keyClass, version);
        if (key !== undefined) return key;
      }
      return undefined;
    },
  };
};

const classesOf = ({ collection, fields }: DocumentPlan): KeyClass[] => [
  ...new Set(collection.encrypted.flatMap(({ name }) => fields.get(name)?.keyClass ?? [])),
];
