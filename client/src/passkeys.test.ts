import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { memoryDeviceStore } from "./device-store.ts";
import { createFirekeep, type Firekeep } from "./firekeep.ts";
import { addPasskey, removePasskey, renamePasskey, stepUpWithPasskey } from "./passkeys.ts";
import { fakeBrowser, type FakeBrowser } from "./passkey.fixture.ts";
import { testServer, type Answer, type Arrived, type TestServer } from "./testkit.ts";

const SIGNAL = {
  rpId: "localhost",
  userId: "AAAA",
  allAcceptedCredentialIds: ["keep"],
  name: "ann@example.org",
  displayName: "Ann",
};
const nobody = () => Promise.reject(new Error("asked"));

let server: TestServer;
let browser: FakeBrowser;
let firekeep: Firekeep;

const serve = async (answer: (call: Arrived) => Answer): Promise<void> => {
  server = await testServer(answer);
  firekeep = createFirekeep(server.functions, { device: memoryDeviceStore() });
};

beforeEach(() => {
  browser = fakeBrowser();
});
afterEach(async () => {
  browser.remove();
  await server.close();
});

const enrolment = ({ id }: Arrived): Answer =>
  id === "identity-passkey-enrol"
    ? { result: { challenge: "the-challenges-id", options: browser.creationOptions, expiresAt: 0 } }
    : { result: { passkey: { id: "new" }, backupCodes: ["code"], assurance: 2, signal: SIGNAL } };

describe("setting up a passkey", () => {
  test("sends the browser's answer with the challenge's id, and tells the browser the account's name", async () => {
    await serve(enrolment);
    const added = await addPasskey(firekeep, { name: "Telephone", ask: nobody });
    expect(added.backupCodes).toEqual(["code"]);
    expect(server.of("identity-passkey-confirm")[0]?.data).toMatchObject({
      challenge: "the-challenges-id",
      name: "Telephone",
      response: { id: "Y3JlZA", type: "public-key", response: { attestationObject: "AQ" } },
    });
    expect(browser.told).toEqual([
      ["signalCurrentUserDetails", { rpId: "localhost", userId: "AAAA", name: "ann@example.org", displayName: "Ann" }],
    ]);
  });

  test("that the person cancels changes nothing on the server", async () => {
    await serve(enrolment);
    browser.refuseWith("NotAllowedError");
    await expect(addPasskey(firekeep, { name: "Telephone", ask: nobody })).rejects.toMatchObject({
      code: "client/passkey-cancelled",
    });
    expect(server.of("identity-passkey-confirm")).toHaveLength(0);
  });

  test("on a device that has one says so", async () => {
    await serve(enrolment);
    browser.refuseWith("InvalidStateError");
    await expect(addPasskey(firekeep, { name: "Telephone", ask: nobody })).rejects.toMatchObject({
      code: "client/passkey-exists",
    });
  });
});

test("a removed passkey is taken out of the browser's list, a renamed one renamed", async () => {
  await serve(() => ({ result: { removed: true, renamed: true, signal: SIGNAL } }));
  await removePasskey(firekeep, { id: "gone", ask: nobody });
  await renamePasskey(firekeep, { id: "keep", name: "Laptop" });
  expect(browser.told.map(([name]) => name)).toEqual(["signalAllAcceptedCredentials", "signalCurrentUserDetails"]);
  expect(browser.told[0]?.[1]).toEqual({ rpId: "localhost", userId: "AAAA", allAcceptedCredentialIds: ["keep"] });
});

test("a browser without the Signal API, or one that refuses it, troubles nobody", async () => {
  await serve(() => ({ result: { removed: true, signal: SIGNAL } }));
  browser.breakSignals();
  await expect(removePasskey(firekeep, { id: "gone", ask: nobody })).resolves.toBeUndefined();
});

test("a step-up asks for the very scope and transaction, and answers with the challenge's id", async () => {
  await serve(() => ({ result: { challenge: "id", options: browser.requestOptions, expiresAt: 0, renewAfterMs: 1 } }));
  const needed = { scope: "pay", methods: ["passkey"], transaction: "t".repeat(43) };
  const proof = await stepUpWithPasskey(firekeep, needed);
  expect(server.arrived[0]?.data).toEqual({ scope: "pay", transaction: "t".repeat(43) });
  expect(proof).toMatchObject({ method: "passkey", challenge: "id", response: { id: "Y3JlZA" } });
});
