import { httpsCallable, type Functions } from "firebase/functions";
import type { FirekeepCalls } from "../../functions/src/api.js";
import { findDeviceKey } from "./device-key.ts";
import { proveCall } from "./device-proof.ts";
import type { DeviceStore } from "./device-store.ts";
import { FirekeepError, isFirekeepError, toFirekeepError } from "./error.ts";

/** A deployed callable's id, such as `identity-totp-verify`. */
export type CallId = keyof FirekeepCalls;
export type Input<Id extends CallId> = FirekeepCalls[Id]["input"];
export type Output<Id extends CallId> = FirekeepCalls[Id]["output"];

/** What a call travels with. */
export interface Sender {
  readonly functions: Functions;
  readonly device: DeviceStore;
  readonly clock: ServerClock;
}

/** How far the server's clock is ahead of this device's, milliseconds: learnt when a proof was refused for its time. */
export interface ServerClock {
  aheadMs: number;
}

/** What is sent: JSON values, under reserved keys the second factor and, added here, the proof. */
export type CallData = Readonly<Record<string, unknown>>;

/**
 * Sends one call, with a proof when the device has a key. A proof that the server found too old or too new is made once more
 * by the server's clock: telephones with a wrong clock are common.
 *
 * @throws FirekeepError
 */
export const sendCall = async <Id extends CallId>(
  sender: Sender,
  id: Id,
  call: { data: CallData; secret: string | undefined },
): Promise<Output<Id>> => {
  // The server hashes what arrives, so the proof hashes what JSON leaves of it.
  const data = JSON.parse(JSON.stringify(call.data)) as CallData;
  try {
    return await sendOnce(sender, id, data, call.secret);
  } catch (error) {
    if (!correctClock(sender.clock, error)) throw error;
    return sendOnce(sender, id, data, call.secret);
  }
};

const sendOnce = async <Id extends CallId>(
  { functions, device, clock }: Sender,
  id: Id,
  data: CallData,
  secret: string | undefined,
): Promise<Output<Id>> => {
  const key = await findDeviceKey(device);
  const call = { project: functions.app.options.projectId ?? "", region: functions.region, id, data, secret };
  const proof = key && (await proveCall(key, { ...call, now: Date.now() + clock.aheadMs }));
  try {
    const sent = proof === undefined ? data : { ...data, _proof: proof };
    return (await httpsCallable<unknown, Output<Id>>(functions, id)(sent)).data;
  } catch (error) {
    const refusal = toFirekeepError(error);
    throw key === undefined && refusal.code === "request/proof-required" ? keyLost(refusal) : refusal;
  }
};

const correctClock = (clock: ServerClock, error: unknown): boolean => {
  if (!isFirekeepError(error, "request/proof-rejected")) return false;
  const { why, now } = error.details;
  if (why !== "expired" || typeof now !== "number") return false;
  clock.aheadMs = now - Date.now();
  return true;
};

const keyLost = (cause: FirekeepError): FirekeepError =>
  new FirekeepError(
    "client/device-key-missing",
    "This device has no key for the session: its data was cleared, or the sign-in made none. Sign in again.",
    cause.details,
    cause,
  );
