import { setupError } from "../setup/say.mjs";

/** The project that an administrator's command works on, and what its process needs in the environment. */
export interface Target {
  /** For people: where this goes. */
  readonly says: string;
  readonly project: string;
  readonly set: Readonly<Record<string, string>>;
  /** Variables that would lead somewhere else. */
  readonly unset: readonly string[];
}

/**
 * A project that is named is the real one. Without a name: the emulators of the environment, else those of the running
 * demo. Nothing is guessed: a command meant for a demo must not reach production, nor the other way round.
 */
export const chooseTarget = (
  project: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  runs: readonly { readonly project: string; readonly env: Readonly<Record<string, string>> }[],
): Target => {
  const names = (id: string) => ({ GCLOUD_PROJECT: id, GOOGLE_CLOUD_PROJECT: id });
  if (project !== undefined) {
    const emulators = Object.keys(environment).filter((name) => name.endsWith("_EMULATOR_HOST"));
    const unset = [...emulators, "FIREBASE_AUTH_EMULATOR_HOST", "FIREKEEP_KMS_ENDPOINT", "FIREBASE_CONFIG"];
    return { says: `project ${project}, with your Google credentials`, project, set: names(project), unset };
  }
  const emulated = environment["GCLOUD_PROJECT"];
  if (environment["FIRESTORE_EMULATOR_HOST"] !== undefined && emulated !== undefined)
    return { says: `the emulators of ${emulated}`, project: emulated, set: names(emulated), unset: [] };
  const run = runs.at(-1);
  if (run === undefined)
    throw setupError("say which project, with --project ID. (No demo is running, and no emulator is set.)");
  return {
    says: `the running demo, ${run.project}`,
    project: run.project,
    set: { ...run.env, ...names(run.project) },
    unset: [],
  };
};
