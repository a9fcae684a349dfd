import { describe, expect, test } from "@jest/globals";
import { rotate as goOver } from "../../functions/src/identity/sessions/rotating-hash.js";
import { judgeSecret } from "../../functions/src/platform/rotating-secret.js";
import type { RotatingHash } from "../../functions/src/platform/session.js";
import { sha256 } from "./base64url.ts";
import { memoryDeviceStore } from "./device-store.ts";
import { FirekeepError } from "./error.ts";
import { currentSecret, rotateSecret, withBinding } from "./session-secret.ts";

const GRACE_MS = 30_000;
const refused = () => new FirekeepError("request/proof-rejected", "…", { why: "secret" }, undefined);
const lost = () => new FirekeepError("functions/internal", "internal", {}, undefined);

/** The server's own rules, a clock of its own, and a network that loses calls and answers. */
const server = (first: string) => {
  const state = {
    kept: { hash: first, rotatedAt: 0 } as RotatingHash,
    now: 0,
    loseAnswer: false,
    loseCall: false,
    stolen: false,
    rotations: 0,
  };
  /** What the gate does with the secret of any call. */
  const show = async (secret: string, next?: string): Promise<string> => {
    const shown = await sha256(secret);
    const verdict = judgeSecret(state.kept, shown, state.now, next);
    if (verdict === "stolen") state.stolen = true;
    if (verdict === "stolen" || verdict === "unknown") throw refused();
    return shown;
  };
  const rotate = async (next: string, secret: string): Promise<{ rotated: boolean }> => {
    if (state.loseCall) throw lost();
    const shown = await show(secret, next);
    const { outcome, secret: kept } = goOver(state.kept, { shown, next, at: state.now, graceMs: GRACE_MS });
    if (outcome === "unknown") throw new FirekeepError("identity/secret-rejected", "…", {}, undefined);
    if (outcome === "rotated") state.rotations += 1;
    state.kept = kept;
    if (state.loseAnswer) throw lost();
    return { rotated: outcome !== "lost" };
  };
  return { state, rotate, show };
};

const signedIn = async () => {
  const device = memoryDeviceStore();
  let hash = "";
  await withBinding(device, async ({ secretHash }, keep) => {
    hash = secretHash;
    await keep();
  });
  await new Promise((resolve) => setTimeout(resolve, 5)); // the secret gets an age
  const { state, rotate, show } = server(hash);
  const call = async () => show((await currentSecret(device, rotate)) ?? "");
  return { device, state, rotate, call };
};

describe("a rotation", () => {
  test("gives both sides the same new secret", async () => {
    const { device, state, rotate, call } = await signedIn();
    const before = state.kept.hash;
    await rotateSecret(device, rotate);
    expect(state.kept.hash).not.toBe(before);
    expect(await call()).toBe(state.kept.hash);
  });

  test("whose answer is lost is finished by the next call, however late, and is no theft", async () => {
    const { device, state, rotate, call } = await signedIn();
    state.loseAnswer = true;
    await expect(rotateSecret(device, rotate)).rejects.toThrow("internal");
    state.loseAnswer = false;
    state.now += 100 * GRACE_MS;
    expect(await call()).toBe(state.kept.hash);
    expect(state).toMatchObject({ stolen: false, rotations: 1 });
  });

  test("whose answers are lost again and again is finished in the end", async () => {
    const { device, state, rotate, call } = await signedIn();
    state.loseAnswer = true;
    await expect(rotateSecret(device, rotate)).rejects.toThrow("internal");
    for (let round = 0; round < 3; round += 1) await expect(call()).rejects.toThrow("internal");
    state.loseAnswer = false;
    expect(await call()).toBe(state.kept.hash);
    expect(state).toMatchObject({ stolen: false, rotations: 1 });
  });

  test("that never reached the server is made up for", async () => {
    const { device, state, rotate, call } = await signedIn();
    state.loseCall = true;
    await expect(rotateSecret(device, rotate)).rejects.toThrow("internal");
    state.loseCall = false;
    expect(await call()).toBe(state.kept.hash);
    expect(state).toMatchObject({ stolen: false, rotations: 1 });
  });

  test("asked for by many tabs at once happens once", async () => {
    const { device, state, rotate, call } = await signedIn();
    await Promise.all(Array.from({ length: 10 }, () => rotateSecret(device, rotate)));
    expect(state.rotations).toBe(1);
    expect(await call()).toBe(state.kept.hash);
  });

  test("waits until the secret is old enough", async () => {
    const { device, state, rotate } = await signedIn();
    await rotateSecret(device, rotate, 60_000);
    expect(state.rotations).toBe(0);
  });

  test("that is refused keeps nothing of the new secret", async () => {
    const { device, state, rotate } = await signedIn();
    state.kept = { hash: "another", rotatedAt: 0 };
    await expect(rotateSecret(device, rotate)).rejects.toMatchObject({ code: "request/proof-rejected" });
    expect(await device.findSecret()).not.toHaveProperty("pending");
  });
});

test("a copy of the old secret, shown after the grace, is a theft", async () => {
  const { device, state, rotate, call } = await signedIn();
  const copy = memoryDeviceStore();
  await copy.keepSecret(await device.findSecret());
  await rotateSecret(device, rotate);
  state.now += GRACE_MS;
  await call();
  await expect(rotateSecret(copy, rotate)).rejects.toMatchObject({ code: "request/proof-rejected" });
  expect(state.stolen).toBe(true);
});

test("a sign-in that fails leaves the secret of the session before it", async () => {
  const { device, state, call } = await signedIn();
  await expect(withBinding(device, () => Promise.reject(refused()))).rejects.toThrow();
  expect(await call()).toBe(state.kept.hash);
});

test("without a session there is no secret, and nothing to rotate", async () => {
  const device = memoryDeviceStore();
  const { state, rotate } = server("");
  await rotateSecret(device, rotate);
  expect(await currentSecret(device, rotate)).toBeUndefined();
  expect(state.rotations).toBe(0);
});
