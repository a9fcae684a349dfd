import type { DocumentReference, DocumentSnapshot, Firestore, Query, WriteBatch } from "firebase-admin/firestore";
import { config } from "../../config.js";
import { DAY, type EpochMs } from "../../kernel/time.js";
import { wins } from "../../platform/lost-race.js";
import { sessionLimits } from "../../platform/session-limits.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { SESSIONS } from "../../platform/session-store.js";
import { untilWon } from "../retry.js";
import { ACCOUNTS, type Account, type StoredSession } from "../sessions/session-store.js";
import {
  changed,
  hindrance,
  isOpen,
  rolesIn,
  type ChangeOutcome,
  type Guards,
  type Proposal,
  type RoleChange,
  type RoleStore,
} from "./role-store.js";

const PROPOSALS = "secRoleProposals";
const CHANGES = "secRoleChanges";
// One document a role that must keep a holder. It says nothing but that its role was changed: whoever changes it writes
// it under a precondition, so that of two changes one sees the other. The accounts themselves are asked who holds it.
const HOLDERS = "secRoleHolders";

/** Roles in `secUsers/{uid}`. Races are settled by preconditions, never by locks. */
export const firestoreRoleStore = (firestore: () => Firestore): RoleStore => {
  const collection = (collection: string) => firestore().collection(collection);
  const accountAt = (uid: string) => collection(ACCOUNTS).doc(uid);
  return {
    rolesOf: async (uid) => rolesIn(accountIn(await accountAt(uid).get())),
    change: (change, guards) => untilWon(() => attempt(firestore(), change, guards)),
    holders: async (role, { after, limit }) => {
      const ordered = collection(ACCOUNTS).where("roles", "array-contains", role).orderBy("__name__").limit(limit);
      const { docs } = await (after === undefined ? ordered : ordered.startAfter(after)).get();
      return docs.map((each) => ({ uid: each.id, roles: rolesIn(accountIn(each)) }));
    },
    changes: async (role, limit) =>
      (await rows(collection(CHANGES).where("role", "==", role).orderBy("at", "desc").limit(limit))) as RoleChange[],
    propose: async (proposal) => {
      await collection(PROPOSALS)
        .doc(proposal.id)
        .create({ ...proposal, expireAt: expireAt(proposal.expiresAt + DAY) });
    },
    findProposal: async (id) => proposalIn(await collection(PROPOSALS).doc(id).get()),
    openProposals: async (now, limit) => {
      // What has expired is gone a day later, so there is never much of it to read past.
      const open = (await rows(collection(PROPOSALS).where("state", "==", "open"))) as Proposal[];
      return open
        .filter((each) => isOpen(each, now))
        .sort((a, b) => a.proposedAt - b.proposedAt)
        .slice(0, limit);
    },
    refuse: (id, by) =>
      untilWon(async () => {
        const snapshot = await collection(PROPOSALS).doc(id).get();
        const proposal = proposalIn(snapshot);
        if (proposal === undefined || snapshot.updateTime === undefined || !isOpen(proposal, by.decidedAt))
          return { answer: false };
        const lastUpdateTime = snapshot.updateTime;
        const won = await wins(snapshot.ref.update({ ...by, state: "refused" }, { lastUpdateTime }));
        return won ? { answer: true } : undefined;
      }),
  };
};

/** One round: reads everything, decides, and writes under the condition that nothing of it has changed. */
const attempt = async (
  firestore: Firestore,
  change: RoleChange,
  guards: Guards,
): Promise<{ answer: ChangeOutcome } | undefined> => {
  const found = await readAll(firestore, change, guards);
  const hindered = hindrance(change, guards, { actors: found.actors, proposal: proposalIn(found.proposal) });
  if (hindered !== undefined) return { answer: { outcome: hindered } };
  const held = rolesIn(accountIn(found.account));
  const roles = changed(held, change);
  const batch = firestore.batch();
  if (found.proposal !== undefined) {
    const { at, by, approvedBy = by } = change;
    write(batch, found.proposal, { state: "approved", decidedBy: approvedBy, decidedAt: at });
  }
  const unchanged = held.includes(change.role) === (change.change === "granted");
  if (!unchanged) {
    if (await wouldBeLast(firestore, change, guards)) return { answer: { outcome: "last-holder" } };
    await addChange(firestore, batch, { change, roles, found });
  } else if (found.proposal === undefined) return { answer: { outcome: "unchanged", roles: held } };
  if (!(await wins(batch.commit()))) return undefined;
  if (!unchanged) await catchUp(firestore, change);
  return { answer: { outcome: unchanged ? "unchanged" : "changed", roles } };
};

interface Found {
  readonly account: DocumentSnapshot;
  readonly actors: readonly (readonly string[])[];
  readonly holders?: DocumentSnapshot;
  readonly proposal?: DocumentSnapshot;
}

// The mark of the role is read with the actors, and before anybody asks who holds it: an administrator who is removed
// meanwhile has moved it.
const readAll = async (firestore: Firestore, { uid, role }: RoleChange, guards: Guards): Promise<Found> => {
  const read = async (references: Readonly<Record<string, DocumentReference>>) => {
    const snapshots = await firestore.getAll(...Object.values(references));
    return Object.fromEntries(Object.keys(references).map((name, index) => [name, snapshots[index]]));
  };
  const account = (of: string) => firestore.collection(ACCOUNTS).doc(of);
  const snapshots = await read({
    account: account(uid),
    ...(guards.anyCan !== undefined && { holders: firestore.collection(HOLDERS).doc(role) }),
    ...(guards.proposal !== undefined && { proposal: firestore.collection(PROPOSALS).doc(guards.proposal) }),
    ...Object.fromEntries(guards.actors.map((actor, index) => [`actor-${String(index)}`, account(actor)])),
  });
  const { account: own, holders, proposal } = snapshots as Partial<Record<string, DocumentSnapshot>>;
  if (own === undefined) throw new TypeError("Firestore answered less than it was asked");
  return {
    account: own,
    actors: guards.actors.map((_, index) => rolesIn(accountIn(snapshots[`actor-${String(index)}`]))),
    ...(holders !== undefined && { holders }),
    ...(proposal !== undefined && { proposal }),
  };
};

const wouldBeLast = async (firestore: Firestore, { uid, role, change }: RoleChange, { anyCan }: Guards) => {
  if (change !== "revoked" || anyCan === undefined) return false;
  const { docs } = await firestore.collection(ACCOUNTS).where("roles", "array-contains", role).select().get();
  return !(await anyCan(docs.map(({ id }) => id).filter((id) => id !== uid)));
};

const addChange = async (
  firestore: Firestore,
  batch: WriteBatch,
  { change, roles, found }: { change: RoleChange; roles: string[]; found: Found },
): Promise<void> => {
  const rolesEpoch = (accountIn(found.account)?.rolesEpoch ?? 0) + 1;
  write(batch, found.account, { roles, rolesEpoch });
  // The id, because a write that changes nothing does not move a document's update time, and would stop nobody.
  if (found.holders !== undefined) write(batch, found.holders, { change: change.id, at: change.at });
  const row = { ...change, expireAt: expireAt(change.at + config.roles.keepMs) };
  batch.create(firestore.collection(CHANGES).doc(change.id), row);
  for (const each of await behind(firestore, change, rolesEpoch))
    batch.update(each.ref, inSession(each, { roles, rolesEpoch }));
};

/**
 * Sessions that started beside the change. One that starts from now on finds the account changed and looks again; one that
 * started before, with a sign-in in the very millisecond of another, may have left the account as it was.
 */
const catchUp = async (firestore: Firestore, change: RoleChange): Promise<void> => {
  await untilWon(async () => {
    const account = accountIn(await firestore.collection(ACCOUNTS).doc(change.uid).get());
    const { roles, rolesEpoch } = { rolesEpoch: 0, ...account, roles: rolesIn(account) };
    const late = await behind(firestore, change, rolesEpoch);
    const writes = late.map((each) =>
      wins(each.ref.update(inSession(each, { roles, rolesEpoch }), { lastUpdateTime: each.updateTime })),
    );
    return (await Promise.all(writes)).every(Boolean) ? { answer: undefined } : undefined;
  });
};

// A role whose sessions end sooner shortens those that live; losing it lengthens none.
const inSession = (snapshot: DocumentSnapshot, now: { roles: readonly string[]; rolesEpoch: number }) => {
  const { startedAt, absoluteExpiresAt } = snapshot.data() as StoredSession;
  const end = startedAt + sessionLimits(now.roles).absoluteMs;
  return { ...now, absoluteExpiresAt: Math.min(absoluteExpiresAt, end) };
};

/** Sessions of the account that may still be used, with roles of before the epoch. */
const behind = async (firestore: Firestore, { uid, at }: RoleChange, rolesEpoch: number) => {
  const { docs } = await firestore.collection(SESSIONS).where("uid", "==", uid).get();
  return docs.filter((each) => {
    const session = each.data() as StoredSession;
    return session.revokedAt === undefined && at < session.absoluteExpiresAt && (session.rolesEpoch ?? 0) < rolesEpoch;
  });
};

/** Writes what was read, if it is still as it was read. */
const write = (batch: WriteBatch, { ref, updateTime }: DocumentSnapshot, fields: object): void => {
  if (updateTime === undefined) batch.create(ref, { ...fields });
  else batch.update(ref, { ...fields }, { lastUpdateTime: updateTime });
};

const accountIn = (snapshot: DocumentSnapshot | undefined) => snapshot?.data() as Account | undefined;

const proposalIn = (snapshot: DocumentSnapshot | undefined): Proposal | undefined => {
  const row = snapshot?.data();
  return row === undefined ? undefined : (withoutEnd(row) as unknown as Proposal);
};

const rows = async (query: Query) => (await query.get()).docs.map((each) => withoutEnd(each.data()) as unknown);

const withoutEnd = (row: object) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== "expireAt"));

const expireAt = (at: EpochMs) => adminFirestoreSdk().Timestamp.fromMillis(at);
