import { describe, expect, test } from "@jest/globals";
import { codeIn, codeWorld } from "../codes/codes.fixture.js";
import { caller, SID, storedSession } from "../identity.fixture.js";
import { addressesOf, maskAddress } from "./addresses-of.js";
import { addAddress, confirmAddress, listAddresses, removeAddress } from "./change-addresses.js";

const HOME = "ann@home.example";

const world = () => ({ ...codeWorld(), me: caller({ session: storedSession() }) });

const added = async (address = HOME) => {
  const made = world();
  const { challenge } = await addAddress(made.deps, made.me, address);
  await made.deliver();
  const code = codeIn(made.mails[0]);
  return { ...made, challenge, code };
};

describe("a recovery address", () => {
  test("counts when the code mailed to it came, and every address is told", async () => {
    const { deps, me, mails, challenge, code, noticed, names } = await added();
    expect(mails.map(({ to }) => to)).toEqual([HOME]);
    expect(await addressesOf(deps, "ann")).toEqual([]);
    expect(await confirmAddress(deps, me, { challenge, code })).toEqual({ address: "a•••@h•••.example" });
    expect(await addressesOf(deps, "ann")).toEqual([HOME]);
    expect(noticed).toMatchObject([
      { kind: "address-added", uid: "ann", sid: SID, facts: { address: "a•••@h•••.example" } },
    ]);
    expect(names()).toContain("identity.address-added");
  });

  test("is stored sealed, and told nobody in full", async () => {
    const { deps, me, contacts, told, noticed, challenge, code } = await added();
    await confirmAddress(deps, me, { challenge, code });
    const stored = (await contacts.list("ann")).map((each) => ({
      ...each,
      sealed: Buffer.from(each.sealed).toString("latin1"),
    }));
    expect(JSON.stringify([stored, told, noticed])).not.toContain("home");
    const { addresses } = await listAddresses(deps, me);
    expect(addresses).toMatchObject([{ address: "a•••@h•••.example", confirmed: true }]);
  });

  test("is not confirmed by a code for something else, or by another session", async () => {
    const { deps, challenge, code } = await added();
    const elsewhere = caller({ session: storedSession({ sid: "sid-other-456789abcdefg" }) });
    await expect(confirmAddress(deps, elsewhere, { challenge, code })).rejects.toMatchObject({
      code: "identity/code-rejected",
    });
    expect(await addressesOf(deps, "ann")).toEqual([]);
  });

  test("is added once, and three at most", async () => {
    const { deps, me, time, challenge, code } = await added();
    await confirmAddress(deps, me, { challenge, code });
    time.now += 30_000;
    await expect(addAddress(deps, me, " ANN@Home.example ".trim())).rejects.toMatchObject({
      code: "identity/address-known",
    });
    for (const each of ["b@example.org", "c@example.org"]) {
      time.now += 120_000;
      await addAddress(deps, me, each);
    }
    await expect(addAddress(deps, me, "d@example.org")).rejects.toMatchObject({ code: "identity/address-full" });
  });

  test("that is removed is told so itself, and counts no more", async () => {
    const { deps, me, noticed, challenge, code } = await added();
    await confirmAddress(deps, me, { challenge, code });
    const [{ id } = { id: "" }] = (await listAddresses(deps, me)).addresses;
    expect(await removeAddress(deps, me, id)).toEqual({ removed: true });
    expect(await addressesOf(deps, "ann")).toEqual([]);
    expect(noticed.at(-1)).toMatchObject({ kind: "address-removed", alsoTo: [HOME] });
    await expect(removeAddress(deps, me, id)).rejects.toMatchObject({ code: "identity/address-unknown" });
  });

  test("that never was confirmed is not told of its end: it may be a stranger's", async () => {
    const { deps, me, noticed } = await added();
    const [{ id } = { id: "" }] = (await listAddresses(deps, me)).addresses;
    await removeAddress(deps, me, id);
    expect(noticed.at(-1)?.alsoTo).toEqual([]);
  });
});

test.each([
  ["ann@example.org", "a•••@e•••.org"],
  ["ä@mail.example.co.uk", "ä•••@m•••.uk"],
  ["x@localhost", "x•••@l•••"],
])("%s is shown as %s", (address, masked) => expect(maskAddress(address)).toBe(masked));
