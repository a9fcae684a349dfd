import { describe, expect, test } from "@jest/globals";
import { randomId, systemRandom } from "../../kernel/random.js";
import { MINUTE } from "../../kernel/time.js";
import { NOW } from "../identity.fixture.js";
import type { Guards, Proposal, RoleChange, RoleStore } from "./role-store.js";

const fresh = (): string => randomId(systemRandom);
const roleName = (): string =>
  `role-${fresh()
    .toLowerCase()
    .replaceAll(/[^a-z]/g, "x")}`;

const FREE: Guards = { actors: [], mayAct: () => false };
const KEPT: Guards = { ...FREE, anyCan: (uids) => Promise.resolve(uids.length > 0) };

const change = (over: Partial<RoleChange> = {}): RoleChange => ({
  id: fresh(),
  uid: fresh(),
  role: "analyst",
  change: "granted",
  by: "owner",
  reason: "A test",
  at: NOW,
  ...over,
});

const proposal = (over: Partial<Proposal> = {}): Proposal => ({
  id: fresh(),
  uid: fresh(),
  role: "admin",
  reason: "A test",
  proposedBy: fresh(),
  proposedAt: NOW,
  expiresAt: NOW + MINUTE,
  state: "open",
  ...over,
});

/** What every role store must do, whatever it stands on. */
export const roleStoreContract = (name: string, open: () => RoleStore): void => {
  describe(`role store: ${name}`, () => {
    test("everyone is a user, from before their first sign-in on", async () => {
      expect(await open().rolesOf(fresh())).toEqual(["user"]);
    });

    test("gives a role once, and takes it once", async () => {
      const [store, uid] = [open(), fresh()];
      const given = { outcome: "changed", roles: ["user", "analyst"] };
      expect(await store.change(change({ uid }), FREE)).toEqual(given);
      expect(await store.change(change({ uid }), FREE)).toEqual({ ...given, outcome: "unchanged" });
      expect(await store.rolesOf(uid)).toEqual(given.roles);
      const taking = { uid, change: "revoked" as const };
      expect(await store.change(change(taking), FREE)).toEqual({ outcome: "changed", roles: ["user"] });
      expect(await store.change(change(taking), FREE)).toEqual({ outcome: "unchanged", roles: ["user"] });
      expect(await store.rolesOf(uid)).toEqual(["user"]);
    });

    test("changes nothing when an actor may not act any more", async () => {
      const [store, uid, boss] = [open(), fresh(), fresh()];
      const guards = { actors: [boss], mayAct: (roles: readonly string[]) => roles.includes("chief") };
      expect(await store.change(change({ uid }), guards)).toEqual({ outcome: "forbidden" });
      await store.change(change({ uid: boss, role: "chief" }), FREE);
      expect(await store.change(change({ uid }), { ...guards, actors: [boss, fresh()] })).toEqual({
        outcome: "forbidden",
      });
      expect(await store.change(change({ uid }), guards)).toMatchObject({ outcome: "changed" });
    });

    test("a role that must keep a holder keeps its last, and asks about the others only", async () => {
      const [store, role, ann, bob] = [open(), roleName(), fresh(), fresh()];
      for (const uid of [ann, bob]) await store.change(change({ uid, role }), KEPT);
      const asked: (readonly string[])[] = [];
      const anyCan = (uids: readonly string[]) => Promise.resolve(asked.push(uids) === 0);
      const taking = { uid: ann, role, change: "revoked" as const };
      expect(await store.change(change(taking), { ...KEPT, anyCan })).toEqual({ outcome: "last-holder" });
      expect(asked).toEqual([[bob]]);
      expect(await store.change(change(taking), KEPT)).toMatchObject({ outcome: "changed" });
      expect(await store.change(change({ ...taking, uid: bob }), KEPT)).toEqual({ outcome: "last-holder" });
      expect(await store.rolesOf(bob)).toContain(role);
    });

    test("lists who holds a role, page by page, and its changes, newest first", async () => {
      const [store, role] = [open(), roleName()];
      const uids = [fresh(), fresh(), fresh()].sort();
      for (const [index, uid] of uids.entries()) await store.change(change({ uid, role, at: NOW + index }), FREE);
      const first = await store.holders(role, { limit: 2 });
      expect(first).toEqual(uids.slice(0, 2).map((uid) => ({ uid, roles: ["user", role] })));
      expect((await store.holders(role, { limit: 2, after: uids[1]! })).map(({ uid }) => uid)).toEqual([uids[2]]);
      const last = change({ uid: uids[0]!, role, change: "revoked", at: NOW + 9, approvedBy: "bob" });
      await store.change(last, FREE);
      const changes = await store.changes(role, 2);
      expect(changes[0]).toEqual(last);
      expect(changes[1]).toMatchObject({ uid: uids[2], change: "granted", at: NOW + 2 });
    });

    test("lists the proposals that are open, oldest first, and finds any", async () => {
      const store = open();
      const now = NOW + 2;
      const [late, early, over] = [proposal({ proposedAt: NOW + 1 }), proposal(), proposal({ expiresAt: now })];
      for (const each of [late, early, over]) await store.propose(each);
      const ids = (await store.openProposals(now, 1_000)).map(({ id }) => id);
      expect(ids.filter((id) => [late.id, early.id, over.id].includes(id))).toEqual([early.id, late.id]);
      expect(await store.findProposal(over.id)).toEqual(over);
      expect(await store.findProposal(fresh())).toBeUndefined();
    });

    test("a proposal is decided once", async () => {
      const store = open();
      const [one, other, over] = [proposal(), proposal(), proposal({ expiresAt: NOW })];
      for (const each of [one, other, over]) await store.propose(each);
      const by = { decidedBy: "carol", decidedAt: NOW };
      expect(await store.refuse(one.id, by)).toBe(true);
      expect(await store.refuse(one.id, by)).toBe(false);
      expect(await store.refuse(over.id, by)).toBe(false);
      const carryOut = ({ id, uid, role }: Proposal) =>
        store.change(change({ uid, role, by: "ann", approvedBy: "carol" }), { ...FREE, proposal: id });
      expect(await carryOut(one)).toEqual({ outcome: "not-open" });
      expect(await carryOut(over)).toEqual({ outcome: "not-open" });
      expect(await carryOut(other)).toMatchObject({ outcome: "changed" });
      expect(await store.findProposal(other.id)).toMatchObject({
        state: "approved",
        decidedBy: "carol",
        decidedAt: NOW,
      });
      expect(await carryOut(other)).toEqual({ outcome: "not-open" });
      expect(await store.refuse(other.id, by)).toBe(false);
    });

    test("a proposal of what is held already is decided, and changes nothing", async () => {
      const store = open();
      const late = proposal();
      await store.propose(late);
      await store.change(change({ uid: late.uid, role: late.role }), FREE);
      const again = change({ uid: late.uid, role: late.role });
      expect(await store.change(again, { ...FREE, proposal: late.id })).toMatchObject({ outcome: "unchanged" });
      expect(await store.findProposal(late.id)).toMatchObject({ state: "approved" });
    });
  });
};
