import { afterAll, describe, expect, test } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { NOW, storedSession } from "../identity.fixture.js";
import { newAccount } from "../sessions/session-store.js";
import { firestoreSessionStore } from "../sessions/session-store.firestore.js";
import { grantRole, revokeRole } from "./change-role.js";
import { approveProposal } from "./decide-proposal.js";
import { firestoreRoleStore } from "./role-store.firestore.js";
import { as, codeOf, fresh, request, rolesWorld } from "./roles.fixture.js";

const { firestore, close } = emulatedFirestore("identity-role-races");
afterAll(close);

const sessions = firestoreSessionStore(() => firestore);
const ROUNDS = Array.from({ length: 20 }, (_, index) => index + 1);

/** Accounts in Firestore under ids of their own; all of them exist and are not disabled. */
const worldWith = async (...people: (readonly string[])[]) => {
  const world = rolesWorld(firestoreRoleStore(() => firestore));
  const uids = people.map(() => fresh());
  for (const [index, roles] of people.entries()) {
    world.add(uids[index]!, roles);
    await firestore.doc(`secUsers/${uids[index]!}`).set({ ...newAccount(NOW), roles });
  }
  return { ...world, uids };
};

const start = (uid: string) => {
  const sid = fresh();
  const build = ({ roles }: { roles: readonly string[] }) => storedSession({ uid, sid, roles });
  return sessions.start({ uid, sid, signedInAt: NOW, at: NOW, build });
};

const administrators = async (): Promise<string[]> => {
  const { docs } = await firestore.collection("secUsers").where("roles", "array-contains", "admin").get();
  return docs.map(({ id }) => id);
};

describe.each(ROUNDS)("round %d", () => {
  test("20 sessions that start while a role is given: every one that stands has it", async () => {
    const { deps, uids } = await worldWith(["user", "admin"], ["user"]);
    const [ada, ann] = uids as [string, string];
    const starts = Array.from({ length: 20 }, () => codeOf(start(ann)));
    const [granted, ...started] = await Promise.all([grantRole(deps, as(ada), request(ann, "analyst")), ...starts]);
    expect(granted).toMatchObject({ outcome: "changed" });
    expect(["went through", "identity/busy"]).toEqual(expect.arrayContaining([...new Set(started)]));
    const { docs } = await firestore.collection("secSessions").where("uid", "==", ann).get();
    const live = docs.filter((each) => each.get("revokedAt") === undefined);
    expect(live.length).toBeGreaterThan(0);
    expect(live.map((each): unknown => each.get("roles"))).toEqual(live.map(() => ["user", "analyst"]));
  }, 60_000);

  test("administrators who remove each other at the same moment: one is left, and it is not always luck", async () => {
    for (const uid of await administrators()) await firestore.doc(`secUsers/${uid}`).delete();
    const { deps, uids } = await worldWith(["user", "admin"], ["user", "admin"]);
    const [ada, ben] = uids as [string, string];
    const tries = Array.from({ length: 10 }, (_, index) =>
      codeOf(revokeRole(deps, as(index % 2 ? ada : ben), request(index % 2 ? ben : ada, "admin"))),
    );
    const outcomes = await Promise.all(tries);
    const left = await administrators();
    expect(left).toHaveLength(1);
    // Whoever was removed first has no say any more; whoever is left cannot be removed.
    expect(["went through", "request/forbidden", "identity/role-last", "identity/busy"]).toEqual(
      expect.arrayContaining([...new Set(outcomes)]),
    );
    expect(outcomes).toContain("request/forbidden");
  }, 60_000);

  test("20 approvals of one proposal: the role is given once", async () => {
    const { deps, uids, names } = await worldWith(["user", "admin"], ["user", "admin"], ["user", "admin"], ["user"]);
    const [ada, ben, cleo, ann] = uids as [string, string, string, string];
    const answer = await grantRole(deps, as(ada), request(ann, "admin"));
    if (answer.outcome !== "proposed") throw new Error(answer.outcome);
    const decision = { id: answer.proposal, uid: ann, role: "admin" };
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => codeOf(approveProposal(deps, as(index % 2 ? ben : cleo), decision))),
    );
    expect(outcomes.filter((each) => each === "went through")).toHaveLength(1);
    expect(["went through", "identity/proposal-unknown", "identity/busy"]).toEqual(
      expect.arrayContaining([...new Set(outcomes)]),
    );
    expect(names().filter((name) => name === "identity.role-granted")).toHaveLength(1);
    const changes = await firestore.collection("secRoleChanges").where("uid", "==", ann).get();
    expect(changes.size).toBe(1);
  }, 60_000);
});
