import type { SecurityEvent } from "../../kernel/event.js";
import type { DataKeyStore } from "./data-key-store.js";
import type { DataKeys } from "./data-keys.js";
import { encryptionEvent } from "../events.js";
import { unreadable } from "./outage.js";
import { countKeys } from "./subject-keys.js";

export const destroySubjectKeys = async (
  deps: { dataKeys: DataKeys; record: (event: SecurityEvent) => Promise<void> },
  subject: string,
): Promise<{ destroyed: number }> => {
  const destroyed = await deps.dataKeys.destroy(subject);
  const detail = { keys: destroyed };
  await deps.record({ type: encryptionEvent["keys-destroyed"], outcome: "success", subject, actor: "system", detail });
  return { destroyed };
};

export const subjectHasKeys = async (deps: { store: DataKeyStore }, subject: string): Promise<boolean> =>
  countKeys(await deps.store.find(subject).catch(unreadable)) > 0;
