import { DAY, type EpochMs } from "../../kernel/time.js";
import { deviceId, type DeviceStore } from "./device-store.js";

/** What other parts of identity ask of trusted devices. */
export interface Devices {
  /**
   * Whether the account trusts the device with this key. It lowers friction: below a block, a risky sign-in from it need not
   * show a second factor at once. It never lifts assurance, and opens no scope.
   */
  isTrusted(uid: string, jkt: string, now: EpochMs): Promise<boolean>;
  /** Ends all of the account's trust: after a recovery, a stolen session, a changed password or address. Answers how many. */
  distrustAll(uid: string): Promise<number>;
}

export const devicesOver = (trusted: DeviceStore): Devices => ({
  isTrusted: (uid, jkt, now) => trustedBy({ trusted }, { uid, jkt, now }),
  distrustAll: (uid) => trusted.removeAll(uid),
});

/** As `isTrusted`; notes at most daily that the device was seen. */
export const trustedBy = async (
  { trusted }: { readonly trusted: DeviceStore },
  { uid, jkt, now }: { uid: string; jkt: string; now: EpochMs },
): Promise<boolean> => {
  const id = deviceId(uid, jkt);
  const device = await trusted.find(id, now);
  if (device?.uid !== uid || device.jkt !== jkt) return false;
  if (now - device.lastSeenAt >= DAY) await trusted.touch(id, now);
  return true;
};
