import { activityEntry } from "./activity-entry.ts";
import type { Observe } from "./observe.ts";
import { eventually } from "./scene.ts";
import type { Whereabouts } from "./whereabouts.ts";

const FAILED = "detection.sign-in-failed";

/**
 * Wrong passwords as Identity Platform reports them, one after the other: the next when the last is in the log. Sent at once,
 * each would start a worker of its own in the emulator, and a small machine cannot start twelve in time.
 */
export const guessPasswords = async (
  observe: Observe,
  guesses: { readonly project: string; readonly email: string; readonly from: Whereabouts; readonly count: number },
): Promise<void> => {
  const { project, email, from, count } = guesses;
  const before = (await observe.query("auditEntries", "name", FAILED)).length;
  for (let attempt = 1; attempt <= count; attempt += 1) {
    const entry = activityEntry({ project, email, ...from, at: Date.now(), outcome: "INVALID_PASSWORD" });
    await observe.publish("identity-activity", entry);
    await eventually(`wrong password ${String(attempt)} in the log`, async () => {
      const logged = (await observe.query("auditEntries", "name", FAILED)).length;
      return logged >= before + attempt ? true : undefined;
    });
  }
};
