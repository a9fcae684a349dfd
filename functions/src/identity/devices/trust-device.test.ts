import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { DAY, MINUTE } from "../../kernel/time.js";
import type { Caller } from "../../platform/secure-call.js";
import { caller, identity, NOW, storedSession } from "../identity.fixture.js";
import { devicesApi } from "./api.js";
import { deviceId, memoryDeviceStore } from "./device-store.js";
import { listDevices, revokeDevice, trustDevice } from "./trust-device.js";
import { trustedBy } from "./trusted.js";

const world = () => {
  const { deps, ...rest } = identity();
  return { ...rest, deps: { ...deps, trusted: memoryDeviceStore() } };
};

const bound = (uid = "ann", jkt = "key-1", over: Partial<Caller> = {}): Caller =>
  caller({ uid, session: storedSession({ uid, jkt, aal: 2 }), device: { jkt }, ...over });

describe("a device that is trusted", () => {
  test("is trusted from then on, for its account and key, until its time is over", async () => {
    const { deps } = world();
    expect(await trustedBy(deps, { uid: "ann", jkt: "key-1", now: NOW })).toBe(false);
    await trustDevice(deps, bound());
    const trusted = (uid: string, jkt: string, now = NOW) => trustedBy(deps, { uid, jkt, now });
    expect(await trusted("ann", "key-1")).toBe(true);
    expect(await trusted("ann", "key-2")).toBe(false);
    expect(await trusted("eve", "key-1")).toBe(false);
    expect(await trusted("ann", "key-1", NOW + config.devices.trustMs - 1)).toBe(true);
    expect(await trusted("ann", "key-1", NOW + config.devices.trustMs)).toBe(false);
  });

  test("is told in the log and to the person, without its key", async () => {
    const { deps, told, noticed } = world();
    await trustDevice(deps, bound(), "Kitchen tablet");
    expect(told).toMatchObject([
      { type: { name: "identity.device-trusted", class: "account-change" }, subject: "ann", outcome: "success" },
    ]);
    expect(noticed).toMatchObject([{ kind: "device-trusted", uid: "ann", facts: { device: "Kitchen tablet" } }]);
    expect(JSON.stringify([told, noticed])).not.toContain("key-1");
  });

  test("changes nothing about the session: neither assurance nor step-ups", async () => {
    const { deps } = world();
    await deps.sessions.start({
      uid: "ann",
      sid: "s",
      signedInAt: NOW,
      at: NOW,
      build: () => storedSession({ sid: "s" }),
    });
    await trustDevice(deps, bound());
    expect(await deps.sessions.find("s")).toEqual(storedSession({ sid: "s" }));
  });

  test("takes its name from the session unless one is given, and is trusted longer when trusted again", async () => {
    const { deps, time } = world();
    expect(await trustDevice(deps, bound())).toMatchObject({ name: "Ann's laptop", current: true });
    time.now += DAY;
    await trustDevice(deps, bound());
    expect((await listDevices(deps, bound())).devices).toMatchObject([
      { expiresAt: NOW + DAY + config.devices.trustMs },
    ]);
  });

  test("notes at most daily that it was seen", async () => {
    const { deps } = world();
    await trustDevice(deps, bound());
    const seen = async () => (await deps.trusted.list("ann", NOW))[0]?.lastSeenAt;
    await trustedBy(deps, { uid: "ann", jkt: "key-1", now: NOW + DAY - 1 });
    expect(await seen()).toBe(NOW);
    await trustedBy(deps, { uid: "ann", jkt: "key-1", now: NOW + DAY });
    expect(await seen()).toBe(NOW + DAY);
  });
});

describe("no device is trusted", () => {
  test.each([
    ["from an unbound session", caller({ session: storedSession({ aal: 2 }) })],
    [
      "by a proof alone, in an unbound session",
      caller({ session: storedSession({ aal: 2 }), device: { jkt: "key-1" } }),
    ],
    ["from a bound session without a proof", caller({ session: storedSession({ aal: 2, jkt: "key-1" }) })],
    ["by a foreign key", bound("ann", "key-1", { device: { jkt: "key-2" } })],
  ])("%s", async (_name, by) => {
    const { deps, noticed } = world();
    await expect(trustDevice(deps, by)).rejects.toMatchObject({ code: "identity/device-unbound" });
    expect(await deps.trusted.list("ann", NOW)).toEqual([]);
    expect(noticed).toEqual([]);
  });

  test("below assurance 2, without a fresh step-up, or without a proof: the gate's row says so", () => {
    expect(devicesApi["device-trust"]).toMatchObject({
      session: "strict",
      assurance: 2,
      stepUp: "identity.devices",
      proof: true,
    });
    expect(devicesApi["device-revoke"]).toMatchObject({ session: "strict", proof: true });
  });
});

describe("trust that ended", () => {
  test("ends at once for a revoked device, which only its owner can revoke", async () => {
    const { deps, names } = world();
    const { id } = await trustDevice(deps, bound());
    const eve = bound("eve", "key-1");
    await expect(revokeDevice(deps, eve, id)).rejects.toMatchObject({ code: "identity/device-unknown" });
    expect(await trustedBy(deps, { uid: "ann", jkt: "key-1", now: NOW })).toBe(true);
    expect(await revokeDevice(deps, bound(), id)).toEqual({ revoked: true });
    expect(await trustedBy(deps, { uid: "ann", jkt: "key-1", now: NOW })).toBe(false);
    await expect(revokeDevice(deps, bound(), id)).rejects.toMatchObject({ code: "identity/device-unknown" });
    expect(names()).toEqual(["identity.device-trusted", "identity.device-distrusted"]);
  });

  test("ends for the device seen longest ago, when there is one too many", async () => {
    const { deps, time } = world();
    for (let index = 0; index < config.devices.limit; index += 1) {
      await trustDevice(deps, bound("ann", `key-${String(index)}`));
      time.now += MINUTE;
    }
    await deps.trusted.touch(deviceId("ann", "key-0"), time.now);
    await trustDevice(deps, bound("ann", "one more"));
    const left = await deps.trusted.list("ann", time.now);
    expect(left).toHaveLength(config.devices.limit);
    expect(left.map(({ jkt }) => jkt)).toEqual(expect.arrayContaining(["key-0", "one more"]));
    expect(left.map(({ jkt }) => jkt)).not.toContain("key-1");
  });
});

test("another account's devices are not listed", async () => {
  const { deps } = world();
  await trustDevice(deps, bound("eve", "key-9"));
  expect(await listDevices(deps, bound())).toEqual({ devices: [] });
});

test("the list says which one asks, and shows no key and no account", async () => {
  const { deps } = world();
  await trustDevice(deps, bound("ann", "key-1"));
  await trustDevice(deps, bound("ann", "key-2"));
  const { devices } = await listDevices(deps, bound("ann", "key-2"));
  expect(devices.filter(({ current }) => current).map(({ id }) => id)).toEqual([deviceId("ann", "key-2")]);
  expect(Object.keys(devices[0]!).sort()).toEqual(
    ["id", "current", "name", "browser", "os", "createdAt", "lastSeenAt", "expiresAt"].sort(),
  );
});
