import { describe, expect, test } from "@jest/globals";
import { DAY } from "../../kernel/time.js";
import { NOW } from "../identity.fixture.js";
import { grantRole, revokeRole } from "./change-role.js";
import { approveProposal, refuseProposal } from "./decide-proposal.js";
import { listProposals, listRoles } from "./list-roles.js";
import { as, codeOf, request, rolesWorld } from "./roles.fixture.js";

describe("giving a role", () => {
  test("works at once, is told in the log with who did it, and to the person and every administrator", async () => {
    const { deps, told, noticed, accounts } = rolesWorld();
    const answer = await grantRole(deps, as("ada"), request("ann", "analyst"));
    expect(answer).toEqual({ outcome: "changed", roles: ["user", "analyst"] });
    expect(accounts.get("ann")).toMatchObject({ roles: ["user", "analyst"], rolesEpoch: 1 });
    expect(told).toMatchObject([
      {
        type: { name: "identity.role-granted", class: "user-access", activity: 1 },
        outcome: "success",
        subject: "ann",
        actor: "ada",
        ip: "203.0.113.7",
        detail: { roles: ["analyst"], authority: "administrator" },
      },
    ]);
    expect(noticed.map(({ uid, facts }) => [uid, facts["whose"], facts["change"]])).toEqual([
      ["ann", "yours", "granted"],
      ...["ada", "ben", "cleo"].map((uid) => [uid, "another", "granted"]),
    ]);
    expect(new Set(noticed.map(({ id }) => id)).size).toBe(4);
  });

  test("keeps the reason with the change, and out of the log and the mails", async () => {
    const { deps, told, noticed } = rolesWorld();
    await grantRole(deps, as("ada"), { ...request("ann", "analyst"), reason: "Ticket 12, asked by Carl" });
    const { changes } = await listRoles(deps, { role: "analyst" });
    expect(changes).toMatchObject([{ by: "ada", reason: "Ticket 12, asked by Carl", at: NOW }]);
    expect(JSON.stringify([told, noticed])).not.toContain("Carl");
  });

  test("stands when the outbox of notices is down", async () => {
    const { deps, accounts } = rolesWorld();
    const down = { ...deps, notify: () => Promise.reject(new Error("down")) };
    expect(await grantRole(down, as("ada"), request("ann", "analyst"))).toMatchObject({ outcome: "changed" });
    expect(accounts.get("ann")?.roles).toContain("analyst");
  });

  test("twice changes and tells nothing the second time", async () => {
    const { deps, told } = rolesWorld();
    await grantRole(deps, as("ada"), request("ann", "analyst"));
    expect(await grantRole(deps, as("ben"), request("ann", "analyst"))).toMatchObject({ outcome: "unchanged" });
    expect(told).toHaveLength(1);
  });

  test("is refused to oneself, of a role that is not there, and to an account that is gone or disabled", async () => {
    const { deps, told } = rolesWorld();
    expect(await codeOf(grantRole(deps, as("ada"), request("ada", "analyst")))).toBe("identity/role-own");
    for (const role of ["root", "constructor", "__proto__"])
      expect(await codeOf(grantRole(deps, as("ada"), request("ann", role)))).toBe("identity/role-unknown");
    for (const uid of ["gone", "nobody"])
      expect(await codeOf(grantRole(deps, as("ada"), request(uid, "analyst")))).toBe("identity/account-unknown");
    expect(told).toEqual([]);
  });

  test("is refused to whoever was an administrator when they called, and is none any more", async () => {
    const { deps, add } = rolesWorld();
    add("ada");
    expect(await codeOf(grantRole(deps, as("ada"), request("ann", "analyst")))).toBe("request/forbidden");
    expect(await codeOf(revokeRole(deps, as("ada"), request("gone", "analyst")))).toBe("request/forbidden");
  });
});

describe("taking a role", () => {
  test("works at once, also from an account that is disabled or deleted", async () => {
    const { deps, told, statuses } = rolesWorld();
    expect(await revokeRole(deps, as("ada"), request("gone", "analyst"))).toEqual({
      outcome: "changed",
      roles: ["user"],
    });
    statuses.delete("ben");
    expect(await revokeRole(deps, as("ada"), request("ben", "admin"))).toMatchObject({ outcome: "changed" });
    expect(told.map(({ type, subject, severity }) => [type.name, subject, severity ?? type.severity])).toEqual([
      ["identity.role-revoked", "gone", "medium"],
      ["identity.role-revoked", "ben", "high"],
    ]);
  });

  test("from oneself is refused, whatever the role, and nobody stops being a user", async () => {
    const { deps } = rolesWorld();
    expect(await codeOf(revokeRole(deps, as("ada"), request("ada", "admin")))).toBe("identity/role-own");
    expect(await codeOf(revokeRole(deps, as("ada"), request("ann", "user")))).toBe("identity/role-unknown");
  });

  test("leaves an administrator who can sign in: a disabled or deleted one does not count", async () => {
    const { deps, statuses, accounts } = rolesWorld();
    accounts.delete("cleo");
    statuses.set("ada", { disabled: true, emailVerified: true, tokensValidAfter: 0 });
    expect(await codeOf(revokeRole(deps, as("ada"), request("ben", "admin")))).toBe("identity/role-last");
    statuses.delete("ada");
    expect(await codeOf(revokeRole(deps, "owner", request("ben", "admin")))).toBe("identity/role-last");
    expect(accounts.get("ben")?.roles).toContain("admin");
  });
});

describe("the two-person rule", () => {
  const proposed = async (role = "admin") => {
    const world = rolesWorld();
    const answer = await grantRole(world.deps, as("ada"), request("ann", role));
    if (answer.outcome !== "proposed") throw new Error(answer.outcome);
    return { ...world, decision: { id: answer.proposal, uid: "ann", role } };
  };

  test.each(["admin", "privacy-officer"])("makes a grant of %s wait for another administrator", async (role) => {
    const { deps, accounts, told, noticed, decision, names } = await proposed(role);
    expect(accounts.get("ann")?.roles).toEqual(["user"]);
    expect(names()).toEqual(["identity.role-proposed"]);
    expect(noticed.map(({ uid, facts }) => [uid, facts["change"]])).toEqual(
      ["ada", "ben", "cleo"].map((uid) => [uid, "proposed"]),
    );
    const approved = await approveProposal(deps, as("ben"), decision);
    expect(approved).toEqual({ outcome: "changed", roles: ["user", role] });
    expect(told[1]).toMatchObject({
      type: { name: "identity.role-granted" },
      severity: "high",
      subject: "ann",
      actor: "ben",
    });
    const { changes } = await listRoles(deps, { role });
    expect(changes).toMatchObject([{ by: "ada", approvedBy: "ben", uid: "ann" }]);
  });

  test("lets neither the proposer nor the subject decide", async () => {
    const { deps, add, decision } = await proposed();
    add("ann", ["user", "admin"]);
    for (const decide of [approveProposal, refuseProposal])
      for (const uid of ["ada", "ann"])
        expect(await codeOf(decide(deps, as(uid), decision))).toBe("identity/proposal-own");
  });

  test("decides only what the second administrator was shown, once, and within a day", async () => {
    const { deps, decision, time, accounts } = await proposed();
    const wrong = [
      { ...decision, role: "privacy-officer" },
      { ...decision, uid: "bob" },
      { ...decision, id: "another" },
    ];
    for (const each of wrong)
      expect(await codeOf(approveProposal(deps, as("ben"), each))).toBe("identity/proposal-unknown");
    time.now += DAY;
    expect(await codeOf(approveProposal(deps, as("ben"), decision))).toBe("identity/proposal-unknown");
    time.now -= 1;
    expect(await refuseProposal(deps, as("ben"), decision)).toEqual({ refused: true });
    expect(await codeOf(approveProposal(deps, as("cleo"), decision))).toBe("identity/proposal-unknown");
    expect(accounts.get("ann")?.roles).toEqual(["user"]);
  });

  test("gives nothing by the proposal of somebody who is no administrator any more, nor to a closed account", async () => {
    const { deps, add, decision, statuses } = await proposed();
    statuses.set("ann", { disabled: true, emailVerified: true, tokensValidAfter: 0 });
    expect(await codeOf(approveProposal(deps, as("ben"), decision))).toBe("identity/account-unknown");
    add("ann");
    add("ada");
    expect(await codeOf(approveProposal(deps, as("ben"), decision))).toBe("identity/proposal-unknown");
  });

  test("is not for the project's owner, who appoints the first two", async () => {
    const { deps, told, accounts } = rolesWorld();
    accounts.clear();
    for (const uid of ["ada", "ben"])
      expect(await grantRole(deps, "owner", request(uid, "admin"))).toMatchObject({ outcome: "changed" });
    expect(told.map(({ actor, detail }) => [actor, detail?.["authority"]])).toEqual(Array(2).fill(["system", "owner"]));
  });

  test("shows administrators what waits", async () => {
    const { deps, decision, time } = await proposed();
    const open = {
      ...request("ann", "admin"),
      id: decision.id,
      proposedBy: "ada",
      proposedAt: NOW,
      expiresAt: NOW + DAY,
    };
    expect(await listProposals(deps)).toEqual({ proposals: [open] });
    time.now += DAY;
    expect(await listProposals(deps)).toEqual({ proposals: [] });
  });
});

test("who holds a role is listed page by page; of users there is no list", async () => {
  const { deps, add } = rolesWorld();
  const uids = Array.from({ length: 205 }, (_, index) => `m-${String(index).padStart(3, "0")}`);
  for (const uid of uids) add(uid, ["user", "moderator"]);
  const seen: string[] = [];
  for (let after: string | undefined, pages = 0; pages < 3; pages += 1) {
    const { holders, next } = await listRoles(deps, { role: "moderator", after });
    seen.push(...holders.map(({ uid }) => uid));
    after = next ?? undefined;
    expect(next === null).toBe(pages === 2);
  }
  expect(seen).toEqual(uids);
  expect(await codeOf(listRoles(deps, { role: "user" }))).toBe("identity/role-unknown");
});
