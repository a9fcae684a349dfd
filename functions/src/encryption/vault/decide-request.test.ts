import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { approveRequest, cancelRequest, denyRequest } from "./decide-request.js";
import { listRequests } from "./list-requests.js";
import { openVault } from "./open-vault.js";
import { ANN, asking, codeOf, fresh, OLGA, OMAR, shown, vaultWorld } from "./vault.fixture.js";
import { requestAccess } from "./request-access.js";

const UNKNOWN = "encryption/vault-unknown";
const OWN = "encryption/vault-own";

describe("asking", () => {
  test("keeps a request and its event, decrypts nothing and tells nobody outside", async () => {
    const { deps, ask, kept, announced, kmsState, time } = await vaultWorld();
    const { id, expiresAt } = await ask();
    expect(expiresAt).toBe(time.now + config.vault.requestMs);
    expect(kmsState.calls).toBe(0);
    expect(await deps.requests.find(id)).toMatchObject({ uid: ANN, path: "people/ann", state: "requested" });
    const [{ event, access }] = kept as [(typeof kept)[0]];
    expect(event).toMatchObject({
      type: { name: "encryption.vault-requested" },
      subject: ANN,
      actor: "olga",
      session: OLGA.sid,
      detail: { request: id, collection: "people", fields: ["scan"], purpose: "legal-claim" },
    });
    expect(JSON.stringify(event)).not.toContain("The court");
    expect(access).toBe(undefined);
    expect(announced).toEqual(["encryption.vault-requested"]);
  });

  test.each([
    ["a field that is not under the hardware key", { fields: ["scan", "secret"] }, "encryption/field-not-vaulted"],
    ["a field that nobody declared", { fields: ["constructor"] }, "encryption/field-not-vaulted"],
    ["a collection that is not in the map", { collection: "__proto__" }, "encryption/collection-unknown"],
    ["a path that is none", { params: {} }, "encryption/path-wrong"],
    ["a path that goes elsewhere", { params: { uid: "a/b" } }, "encryption/path-wrong"],
    ["a document that is not there", { params: { uid: "nobody" } }, "encryption/not-found"],
  ])("is refused for %s", async (_what, over, code) => {
    const { ask, kept } = await vaultWorld();
    expect(await codeOf(ask(over))).toBe(code);
    expect(kept).toEqual([]);
  });

  test("is refused for a field that is not on file, and for the officer's own data", async () => {
    const { ask, give, kept } = await vaultWorld();
    await give("bob", { secret: "x" });
    expect(await codeOf(ask({ params: { uid: "bob" } }))).toBe("encryption/not-found");
    await give(OLGA.uid, { scan: "mine" });
    expect(await codeOf(ask({ params: { uid: OLGA.uid } }))).toBe(OWN);
    expect(kept).toEqual([]);
  });
});

describe("a decision", () => {
  test("is never the requester's, so that one officer alone sees nothing, however long they wait", async () => {
    const { deps, ask, time, kmsState } = await vaultWorld();
    const { id } = await ask();
    expect(await codeOf(approveRequest(deps, OLGA, await shown(deps, id)))).toBe(OWN);
    expect(await codeOf(denyRequest(deps, OLGA, await shown(deps, id)))).toBe(OWN);
    expect(await codeOf(openVault(deps, OLGA, id))).toBe(UNKNOWN);
    time.now += config.vault.requestMs;
    expect(await codeOf(approveRequest(deps, OMAR, await shown(deps, id)))).toBe(UNKNOWN);
    expect(kmsState.calls).toBe(0);
  });

  test("is never the person's that it is about, who is not even told that there is one", async () => {
    const { deps, give, time } = await vaultWorld();
    await give(OMAR.uid, { scan: "his" });
    const { id } = await requestAccess(deps, OLGA, asking({ params: { uid: OMAR.uid }, silent: "investigation" }));
    for (const decide of [approveRequest, denyRequest])
      expect(await codeOf(decide(deps, OMAR, await shown(deps, id)))).toBe(UNKNOWN);
    expect(await codeOf(cancelRequest(deps, OMAR, id))).toBe(UNKNOWN);
    expect((await listRequests(deps, OMAR, {})).requests).toEqual([]);
    expect((await listRequests(deps, OLGA, {})).requests).toMatchObject([{ id, state: "requested" }]);
    expect(time.now).toBeGreaterThan(0);
  });

  test("is of what was shown: an approval for another request, person or field approves nothing", async () => {
    const { deps, ask, give, names } = await vaultWorld();
    await give("bob", { scan: "his" });
    const [one, other] = [await ask(), await ask({ params: { uid: "bob" } })];
    const decision = await shown(deps, one.id);
    for (const wrong of [
      { ...decision, id: other.id },
      { ...decision, uid: "bob" },
      { ...decision, collection: "vault" },
      { ...decision, fields: ["scan", "secret"] },
      { ...decision, fields: [] },
      { ...decision, id: fresh() },
    ])
      expect(await codeOf(approveRequest(deps, OMAR, wrong))).toBe(UNKNOWN);
    expect(names()).toEqual(["requested", "requested"]);
  });

  test("is taken once: of approval, denial and cancellation at one moment, one stands", async () => {
    const { deps, ask, names } = await vaultWorld();
    const { id } = await ask();
    const decision = await shown(deps, id);
    const codes = await Promise.all([
      codeOf(approveRequest(deps, OMAR, decision)),
      codeOf(denyRequest(deps, OMAR, decision)),
      codeOf(approveRequest(deps, { ...OMAR, uid: "otto" }, decision)),
    ]);
    expect(codes.filter((code) => code === "went through")).toHaveLength(1);
    expect(names()).toHaveLength(2);
  });

  test("comes too late when the time is over, to the millisecond", async () => {
    const { deps, ask, time, agree } = await vaultWorld();
    const { id, expiresAt } = await ask();
    time.now = expiresAt;
    expect(await codeOf(agree(id))).toBe(UNKNOWN);
    expect(await codeOf(cancelRequest(deps, OLGA, id))).toBe(UNKNOWN);
    time.now = expiresAt - 1;
    expect(await agree(id)).toEqual({ opensUntil: expiresAt - 1 + config.vault.openMs });
  });

  test("that refuses ends it; cancelling takes an approval back, by anybody's hand but the person's", async () => {
    const { deps, ask, approved, names } = await vaultWorld();
    const { id } = await ask();
    expect(await denyRequest(deps, OMAR, await shown(deps, id))).toEqual({ denied: true });
    expect(await codeOf(openVault(deps, OLGA, id))).toBe(UNKNOWN);
    const second = await approved();
    expect(await cancelRequest(deps, OMAR, second)).toEqual({ cancelled: true });
    expect(await codeOf(openVault(deps, OLGA, second))).toBe(UNKNOWN);
    expect(names()).toEqual(["requested", "denied", "requested", "approved", "cancelled"]);
  });

  test("that cannot be kept in the log is none", async () => {
    const { deps, ask, agree, world } = await vaultWorld();
    const { id } = await ask();
    world.audit = "down";
    await expect(agree(id)).rejects.toThrow();
    expect(await deps.requests.find(id)).toMatchObject({ state: "requested" });
  });
});

test("the list shows what became of each request, and never a value", async () => {
  const { deps, ask, approved, time } = await vaultWorld();
  await openVault(deps, OLGA, await approved());
  time.now += 1;
  await ask();
  time.now += config.vault.requestMs;
  await approved();
  const { requests, next } = await listRequests(deps, OMAR, {});
  expect(requests.map(({ state }) => state)).toEqual(["approved", "expired", "opened"]);
  expect(next).toBe(null);
  expect(JSON.stringify(requests)).not.toContain("P 1234567");
  expect(requests.at(-1)).toMatchObject({ decidedBy: "omar", uid: ANN, path: "people/ann" });
});
