import { config } from "../../config.js";
import type { SecurityEvent } from "../../kernel/event.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Caller } from "../../platform/secure-call.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import type { DeviceDeps } from "./deps.js";
import { deviceId, type TrustedDevice } from "./device-store.js";

/** What the owner sees of a trusted device. */
export interface ShownDevice extends Omit<TrustedDevice, "uid" | "jkt"> {
  readonly id: string;
  readonly current: boolean;
}

/**
 * Trusts the key that this session is bound to, for `config.devices.trustMs`. Trusting again renews it. One device more than
 * allowed ends the trust in the one that was seen longest ago, so that a lost one cannot fill the list for good.
 *
 * @throws identity/device-unbound when the session, or this call, proves no device key
 */
export const trustDevice = async (deps: DeviceDeps, caller: Caller, name?: string): Promise<ShownDevice> => {
  const session = sessionOf(caller);
  const jkt = caller.device?.jkt;
  if (jkt === undefined || jkt !== session.jkt) throw identityError("device-unbound");
  const now = deps.clock();
  const device: TrustedDevice = {
    uid: caller.uid,
    jkt,
    name: name ?? session.device.name,
    browser: session.device.browser,
    os: session.device.os,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + config.devices.trustMs,
  };
  await deps.trusted.put(device);
  await dropSurplus(deps, caller.uid, now);
  const id = deviceId(caller.uid, jkt);
  await deps.record({ ...by(caller), type: identityEvent["device-trusted"], detail: { device: id } });
  const { browser, os } = device;
  const facts = { device: device.name, browser, os, country: session.country };
  await deps.notify({ id: `${id}-${String(now)}`, uid: caller.uid, kind: "device-trusted", sid: session.sid, facts });
  return shown(device, jkt);
};

/** The caller's trusted devices, the newest first. */
export const listDevices = async (
  deps: Pick<DeviceDeps, "trusted" | "clock">,
  caller: Caller,
): Promise<{ devices: ShownDevice[] }> => {
  const devices = await deps.trusted.list(caller.uid, deps.clock());
  return { devices: devices.map((device) => shown(device, caller.session?.jkt)) };
};

/** Ends the trust in one of the caller's devices. */
export const revokeDevice = async (
  deps: Pick<DeviceDeps, "trusted" | "record">,
  caller: Caller,
  id: string,
): Promise<{ revoked: true }> => {
  if (!(await deps.trusted.remove(id, caller.uid))) throw identityError("device-unknown");
  await deps.record({ ...by(caller), type: identityEvent["device-distrusted"], detail: { device: id } });
  return { revoked: true };
};

// Listed after the write, so that two that race both see one too many: the list never stays too long.
const dropSurplus = async (deps: Pick<DeviceDeps, "trusted">, uid: string, now: EpochMs): Promise<void> => {
  const devices = await deps.trusted.list(uid, now);
  const surplus = devices.sort((a, b) => b.lastSeenAt - a.lastSeenAt).slice(config.devices.limit);
  await Promise.all(surplus.map((device) => deps.trusted.remove(deviceId(uid, device.jkt), uid)));
};

const shown = ({ uid, jkt, ...device }: TrustedDevice, current: string | undefined): ShownDevice => ({
  id: deviceId(uid, jkt),
  current: jkt === current,
  ...device,
});

const by = (caller: Caller): Pick<SecurityEvent, "outcome" | "subject" | "ip" | "session"> => ({
  outcome: "success",
  subject: caller.uid,
  ip: caller.ip,
  ...(caller.sid !== undefined && { session: caller.sid }),
});
