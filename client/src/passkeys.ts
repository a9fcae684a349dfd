import { createPasskey, usePasskey } from "./ceremony.ts";
import type { Firekeep, StepUp } from "./firekeep.ts";
import { signalAccepted, signalDetails } from "./passkey-signals.ts";
import type { Output } from "./send-call.ts";
import { withStepUp, type AskForProof } from "./step-up.ts";

/**
 * Sets up a passkey for the account. `name` is what its owner will know it by.
 *
 * @throws FirekeepError `client/passkey-cancelled` (nothing was changed), `client/passkey-exists`, `identity/passkey-limit` …
 */
export const addPasskey = async (
  firekeep: Firekeep,
  { name, ask }: { name: string; ask: AskForProof },
): Promise<Output<"identity-passkey-confirm">> => {
  const begun = await withStepUp((stepUp) => firekeep.call("identity-passkey-enrol", {}, { stepUp }), ask);
  const response = await createPasskey(begun.options);
  const added = await firekeep.call("identity-passkey-confirm", { challenge: begun.challenge, response, name });
  await signalDetails(added.signal);
  return added;
};

/** Renames a passkey in the person's list, and brings the browser's own entry up to date. */
export const renamePasskey = async (firekeep: Firekeep, passkey: { id: string; name: string }): Promise<void> => {
  const { signal } = await firekeep.call("identity-passkey-rename", passkey);
  await signalDetails(signal);
};

/** Removes a passkey; the browser stops offering it, where it can be told. */
export const removePasskey = async (
  firekeep: Firekeep,
  { id, ask }: { id: string; ask: AskForProof },
): Promise<void> => {
  const { signal } = await withStepUp((stepUp) => firekeep.call("identity-passkey-remove", { id }, { stepUp }), ask);
  await signalAccepted(signal);
};

/** Proves with a passkey that it is the person, for one scope (and one transaction). Goes along with the call itself. */
export const stepUpWithPasskey = async (
  firekeep: Firekeep,
  what: { scope: string; transaction?: string | undefined },
): Promise<StepUp> => {
  const { scope, transaction } = what; // more may be in it, such as the error's `methods`
  const asked = { scope, ...(transaction !== undefined && { transaction }) };
  const { challenge, options } = await firekeep.call("identity-passkey-challenge", asked);
  return { method: "passkey", challenge, response: await usePasskey(options) };
};
