import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Auth } from "firebase/auth";
import { memoryDeviceStore } from "./device-store.ts";
import { createFirekeep, type Firekeep } from "./firekeep.ts";
import { fakeBrowser, type FakeBrowser } from "./passkey.fixture.ts";
import { offerPasskeys, signInWithPasskey } from "./passkey-sign-in.ts";
import { testServer, type Answer, type Arrived, type TestServer } from "./testkit.ts";

let server: TestServer;
let browser: FakeBrowser;
let firekeep: Firekeep;
let renewAfterMs = 60_000;
let finish: Answer = { refuse: "identity/passkey-rejected" };
const auth = {} as Auth;

const answer = ({ id }: Arrived): Answer =>
  id === "identity-passkey-begin"
    ? {
        result: {
          challenge: `challenge-${String(server.of(id).length)}`,
          options: browser.requestOptions,
          expiresAt: 0,
          renewAfterMs,
        },
      }
    : finish;

beforeEach(async () => {
  browser = fakeBrowser();
  server = await testServer(answer);
  firekeep = createFirekeep(server.functions, { device: memoryDeviceStore() });
  renewAfterMs = 60_000;
  finish = { refuse: "identity/passkey-rejected" };
});
afterEach(async () => {
  browser.remove();
  await server.close();
});

const until = async (truth: () => boolean): Promise<void> => {
  while (!truth()) await new Promise((resolve) => setTimeout(resolve, 5));
};

const offer = (stop: AbortController, problems: unknown[] = []) =>
  offerPasskeys(
    { auth, firekeep },
    {
      deviceName: "Laptop",
      signal: stop.signal,
      onSignIn: () => undefined,
      onProblem: (error) => problems.push(error),
    },
  );

test("a sign-in binds the session to this device's key, which the same call proves", async () => {
  await expect(signInWithPasskey({ auth, firekeep }, { deviceName: "Laptop" })).rejects.toMatchObject({
    code: "identity/passkey-rejected",
  });
  const [sent] = server.of("identity-passkey-finish");
  const { key, secretHash } = sent?.data["binding"] as { key: object; secretHash: string };
  expect(sent?.data).toMatchObject({ challenge: "challenge-1", device: { name: "Laptop" } });
  expect(sent?.key).toEqual(key);
  expect(secretHash).toMatch(/^[\w-]{43}$/);
  expect(sent?.proof).not.toHaveProperty("secret");
});

test("a refused sign-in keeps no secret", async () => {
  await expect(signInWithPasskey({ auth, firekeep }, { deviceName: "Laptop" })).rejects.toThrow();
  expect(await firekeep.device.findSecret()).toBeUndefined();
});

test("only a passkey that the server does not know is taken out of the browser's list", async () => {
  await expect(signInWithPasskey({ auth, firekeep }, { deviceName: "Laptop" })).rejects.toThrow();
  expect(browser.told).toEqual([]);
  finish = { refuse: "identity/passkey-rejected", details: { unknown: true } };
  await expect(signInWithPasskey({ auth, firekeep }, { deviceName: "Laptop" })).rejects.toThrow();
  expect(browser.told).toEqual([["signalUnknownCredential", { rpId: "localhost", credentialId: "Y3JlZA" }]]);
});

test("autofill renews the challenge before it ends, and answers with the newest", async () => {
  renewAfterMs = 30;
  const stop = new AbortController();
  const problems: unknown[] = [];
  const offered = offer(stop, problems);
  await until(() => browser.begun() >= 3);
  const newest = `challenge-${String(server.of("identity-passkey-begin").length)}`;
  renewAfterMs = 60_000;
  browser.pick();
  await until(() => problems.length === 1);
  expect(server.of("identity-passkey-finish")[0]?.data["challenge"]).toBe(newest);
  stop.abort();
  await offered;
});

test("a refused passkey leaves the offer standing", async () => {
  const stop = new AbortController();
  const problems: unknown[] = [];
  const offered = offer(stop, problems);
  await until(() => browser.begun() === 1);
  browser.pick();
  await until(() => browser.begun() === 2);
  expect(problems).toMatchObject([{ code: "identity/passkey-rejected" }]);
  stop.abort();
  await offered;
});

test("an offer ends when another ceremony takes over, and does not cancel it in return", async () => {
  const offered = offer(new AbortController());
  await until(() => browser.begun() === 1);
  await expect(signInWithPasskey({ auth, firekeep }, { deviceName: "Laptop" })).rejects.toMatchObject({
    code: "identity/passkey-rejected",
  });
  await offered;
  expect(browser.begun()).toBe(2);
});
