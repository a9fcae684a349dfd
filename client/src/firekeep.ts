import type { Functions } from "firebase/functions";
import type { AuthenticationResponseJSON } from "@simplewebauthn/browser";
import { memoryDeviceStore, type DeviceStore } from "./device-store.ts";
import { indexedDbDeviceStore } from "./device-store.indexed-db.ts";
import { sendCall, type CallId, type Input, type Output } from "./send-call.ts";
import { currentSecret, rotateSecret } from "./session-secret.ts";

/** A second factor given along with a call: the call passes in the same request. */
export type StepUp =
  | { readonly method: "totp" | "backup-code"; readonly code: string }
  /** `challenge` is what `identity-passkey-challenge` answered as its id. */
  | { readonly method: "passkey"; readonly challenge: string; readonly response: AuthenticationResponseJSON };

export interface CallOptions {
  readonly stepUp?: StepUp | undefined;
  /** `none` for calls that begin a session: the secret of an earlier one has no place there. */
  readonly secret?: "none";
}

export interface Firekeep {
  /**
   * Calls a function by its id, with the types of its schema. A device that has a key proves it with every call.
   *
   * @throws FirekeepError with `code` such as `request/step-up-required`
   */
  call<Id extends CallId>(id: Id, input: Input<Id>, options?: CallOptions): Promise<Output<Id>>;
  /** Gives the session a new secret now. Happens by itself after a step-up, and with calls as time goes by. */
  rotate(): Promise<void>;
  readonly device: DeviceStore;
}

export interface FirekeepOptions {
  /** Where the device's key and the session's secret are kept. Default: IndexedDB in browsers, else memory. */
  readonly device?: DeviceStore;
  /** Age of the session's secret from which the next call gives it a new one, milliseconds. Default 10 minutes. */
  readonly rotateAfterMs?: number;
}

/** Firekeep's callables over a Firebase `Functions` instance (its region and emulator settings hold). */
export const createFirekeep = (functions: Functions, options: FirekeepOptions = {}): Firekeep => {
  const { device = defaultStore(functions), rotateAfterMs = 10 * 60_000 } = options;
  const sender = { functions, device, clock: { aheadMs: 0 } };
  const sendRotation = (next: string, secret: string) =>
    sendCall(sender, "identity-session-rotate", { data: { next }, secret });
  const rotate = (olderThanMs: number) => rotateSecret(device, sendRotation, olderThanMs);
  return {
    device,
    rotate: () => rotate(0),
    call: async (id, input, { stepUp, secret: which } = {}) => {
      const secret = which === "none" ? undefined : await currentSecret(device, sendRotation);
      const data = stepUp === undefined ? input : { ...input, _stepUp: stepUp };
      const answer = await sendCall(sender, id, { data, secret });
      // Not waited for, and not the caller's trouble: the next call settles what became of it.
      const raised = stepUp !== undefined || STEP_UPS.has(id);
      if (secret !== undefined && !LEAVING.has(id)) void rotate(raised ? 0 : rotateAfterMs).catch(() => undefined);
      return answer;
    },
  };
};

const STEP_UPS = new Set<CallId>(["identity-totp-verify", "identity-totp-confirm", "identity-backup-verify"]);
const LEAVING = new Set<CallId>(["identity-session-end", "identity-session-rotate"]);

const defaultStore = ({ app }: Functions): DeviceStore =>
  typeof indexedDB === "undefined"
    ? memoryDeviceStore()
    : indexedDbDeviceStore(`${app.options.projectId ?? ""} ${app.name}`);
