import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { isDomainError } from "../../kernel/errors.js";
import { cancelRequest } from "./decide-request.js";
import { openVault } from "./open-vault.js";
import { releaseSilence } from "./release-silence.js";
import { ANN, codeOf, NUMBER, OLGA, OMAR, vaultWorld } from "./vault.fixture.js";

const UNKNOWN = "encryption/vault-unknown";

describe("opening", () => {
  test("shows the fields that were asked for, once, and is on record with the person before it is shown", async () => {
    const { deps, approved, kept } = await vaultWorld();
    const id = await approved();
    expect(await openVault(deps, OLGA, id)).toEqual({ uid: ANN, collection: "people", values: { scan: NUMBER } });
    expect(kept.at(-1)).toEqual({
      event: expect.objectContaining({
        type: expect.objectContaining({ name: "encryption.vault-opened", severity: "high" }) as object,
        subject: ANN,
        actor: "olga",
      }) as object,
      access: {
        subject: ANN,
        actor: "operator",
        collection: "people",
        fields: ["scan"],
        purpose: "Establish, exercise or defend legal claims",
        legalBasis: "legal-obligation",
        action: "read",
      },
    });
    expect(await codeOf(openVault(deps, OLGA, id))).toBe(UNKNOWN);
    expect(kept).toHaveLength(3);
  });

  test("is the requester's alone", async () => {
    const { deps, approved, kmsState } = await vaultWorld();
    const id = await approved();
    kmsState.calls = 0;
    for (const uid of [OMAR.uid, "otto"])
      expect(await codeOf(openVault(deps, { ...OMAR, uid }, id))).toBe("encryption/vault-foreign");
    expect(await codeOf(openVault(deps, { ...OMAR, uid: ANN }, id))).toBe(UNKNOWN);
    expect(kmsState.calls).toBe(0);
  });

  test("is over when its time is, to the millisecond, also while the keys are being fetched", async () => {
    const { deps, ask, agree, time, names } = await vaultWorld();
    const { id } = await ask();
    const { opensUntil } = await agree(id);
    time.now = opensUntil;
    expect(await codeOf(openVault(deps, OLGA, id))).toBe(UNKNOWN);
    time.now = opensUntil - 1;
    const slow = {
      read: (path: string) => {
        time.now = opensUntil;
        return deps.documents.read(path);
      },
    };
    expect(await codeOf(openVault({ ...deps, documents: slow }, OLGA, id))).toBe(UNKNOWN);
    expect(names()).toEqual(["requested", "approved"]);
    time.now = opensUntil - 1;
    expect((await openVault(deps, OLGA, id)).values).toEqual({ scan: NUMBER });
  });

  test("100 at the same moment show the values once, with one record", async () => {
    const { deps, approved, names } = await vaultWorld();
    const id = await approved();
    const codes = await Promise.all(Array.from({ length: 100 }, () => codeOf(openVault(deps, OLGA, id))));
    expect(codes.filter((code) => code === "went through")).toHaveLength(1);
    expect(codes.filter((code) => code === UNKNOWN)).toHaveLength(99);
    expect(names()).toEqual(["requested", "approved", "opened"]);
  });

  test("and cancelling at the same moment: one of them", async () => {
    const { deps, approved, names } = await vaultWorld();
    const id = await approved();
    const codes = await Promise.all([codeOf(openVault(deps, OLGA, id)), codeOf(cancelRequest(deps, OMAR, id))]);
    expect(codes.filter((code) => code === "went through")).toHaveLength(1);
    expect(names()).toHaveLength(3);
  });

  test.each(["kms-unavailable", "kms-refused"] as const)("is neither spent nor on record on %s", async (fault) => {
    const { deps, approved, kmsState, names, time } = await vaultWorld();
    const id = await approved();
    time.now += config.vault.openMs - 1; // nothing of the giving is in memory any more
    kmsState.fail = fault;
    expect(await codeOf(openVault(deps, OLGA, id))).toBe(`encryption/${fault}`);
    expect(names()).toEqual(["requested", "approved"]);
    kmsState.fail = undefined;
    expect((await openVault(deps, OLGA, id)).values).toEqual({ scan: NUMBER });
    expect(names()).toEqual(["requested", "approved", "opened"]);
  });

  test("shows nothing and spends nothing when the log cannot take it", async () => {
    const { deps, approved, world, names } = await vaultWorld();
    const id = await approved();
    world.audit = "down";
    await expect(openVault(deps, OLGA, id)).rejects.toThrow("the audit log is down");
    const failing = { ...deps, requests: { ...deps.requests, apply: () => Promise.reject(new Error("no commit")) } };
    world.audit = "up";
    await expect(openVault(failing, OLGA, id)).rejects.toThrow("no commit");
    expect(names()).toEqual(["requested", "approved"]);
    expect((await openVault(deps, OLGA, id)).values).toEqual({ scan: NUMBER });
  });

  test("finds nothing once the person's keys, field or document are gone, and does not spend itself on it", async () => {
    const { deps, approved, documents, give, dataKeys, names } = await vaultWorld();
    const id = await approved();
    await give(ANN, { secret: "only this is left" });
    expect(await codeOf(openVault(deps, OLGA, id))).toBe("encryption/not-found");
    documents.delete("people/ann");
    expect(await codeOf(openVault(deps, OLGA, id))).toBe("encryption/not-found");
    await give(ANN, { scan: NUMBER });
    await dataKeys.destroy(ANN);
    expect(await codeOf(openVault(deps, OLGA, id))).toBe("encryption/key-missing");
    expect(names()).toEqual(["requested", "approved"]);
  });

  test("refuses a token that was moved here from another person's document", async () => {
    const { deps, approved, documents, give } = await vaultWorld();
    await give("bob", { scan: "his" });
    documents.set("people/ann", documents.get("people/bob")!);
    const refused = await openVault(deps, OLGA, await approved()).catch((error: unknown) => error);
    const codes = ["encryption/undecryptable", "encryption/key-missing"] as const;
    expect(codes.some((code) => isDomainError(refused, code))).toBe(true);
  });
});

describe("a silent opening", () => {
  const silent = { silent: "authority-order" } as const;

  test("is in the log by pseudonym only, and nowhere that the person, or a consumer of events, would see", async () => {
    const { deps, approved, kept } = await vaultWorld();
    await openVault(deps, OLGA, await approved(silent));
    expect(kept).toHaveLength(3);
    for (const { event, access } of kept) {
      expect(event.subject).toBe(undefined);
      expect(event.detail).toMatchObject({ about: "pseudonym-of-ann", silent: "authority-order" });
      expect(access).toBe(undefined);
    }
  });

  test("is told when the silence is over, once, as of when it was", async () => {
    const { deps, approved, kept, time, names } = await vaultWorld();
    const id = await approved(silent);
    const openedAt = time.now;
    await openVault(deps, OLGA, id);
    time.now = openedAt + config.vault.silentMs - 1;
    expect(await releaseSilence(deps)).toBe(0);
    time.now += 1;
    expect(await Promise.all([releaseSilence(deps), releaseSilence(deps)])).toContain(1);
    expect(names()).toEqual(["requested", "approved", "opened", "released"]);
    expect(kept.at(-1)).toMatchObject({
      event: { subject: ANN },
      access: { subject: ANN, at: openedAt, action: "read" },
    });
    expect(await releaseSilence(deps)).toBe(0);
    expect(await deps.requests.find(id)).toMatchObject({ toldAt: time.now });
  });

  test("that cannot be told is told later, and holds up no other", async () => {
    const { deps, approved, time, world, names } = await vaultWorld();
    const ids = [await approved(silent), await approved(silent)];
    for (const id of ids) await openVault(deps, OLGA, id);
    time.now += config.vault.silentMs;
    world.audit = "down";
    expect(await releaseSilence(deps)).toBe(0);
    world.audit = "up";
    expect(await releaseSilence(deps)).toBe(2);
    expect(names().filter((name) => name === "released")).toHaveLength(2);
  });

  test("that never took place is let go without a word", async () => {
    const { deps, ask, time, names } = await vaultWorld();
    await ask(silent);
    time.now += config.vault.requestMs + config.vault.openMs + config.vault.silentMs;
    expect(await releaseSilence(deps)).toBe(1);
    expect(names()).toEqual(["requested"]);
  });
});
