import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { expectedRows } from "./expected.js";
import { openWorld, type World } from "./firestore-world.js";
import { MAPS } from "./maps.js";

/** Rules that somebody loosened: what was there, what is there now, and a collection whose matrix must notice. */
const LOOSENED: readonly (readonly [what: string, was: string, now: string, collection: string])[] = [
  ["that a session is one's own", "return isSelf(session.uid)", "return true", "cards"],
  ["that a session is not revoked", "session.get('revokedAt', null) == null", "true", "cards"],
  ["that a session is not idle", "request.time.toMillis() < session.idleExpiresAt", "true", "cards"],
  ["that a session is not too old", "request.time.toMillis() < session.absoluteExpiresAt", "true", "cards"],
  ["that risk demands nothing", "session.stepUpRequired == false", "true", "cards"],
  ["the whole session", "return isSignedIn() && isLive(session())", "return isSignedIn()", "cards"],
  ["that one is oneself", "return request.auth.uid == uid", "return request.auth.uid >= uid", "profiles"],
  ["the assurance of operators", "session().aal >= level", "session().aal >= 1", "auditEntries"],
  [
    "the roles of operators",
    "session().roles.hasAny(rolesWith(permission))",
    "session().roles.size() > 0",
    "auditEntries",
  ],
  ["who holds a permission", "'security.read': ['analyst'", "'security.read': ['user', 'analyst'", "incidents"],
  [
    "the last line of a section",
    "match /secFactors/{uid} {\n      allow read, write: if false",
    "match /secFactors/{uid} {\n      allow read: if isSelf(uid)",
    "secFactors",
  ],
  ["the members of a chat", "request.auth.uid in resource.data.members", "true", "chats"],
  [
    "the first line",
    "match /{document=**} {\n      allow read, write: if false",
    "match /{document=**} {\n      allow read: if isSignedIn()",
    "verifications",
  ],
];

describe("the matrix notices when somebody loosens", () => {
  const inForce = MAPS[0];
  if (inForce === undefined) throw new Error("there is no map in force");
  const { map, rules } = inForce;
  let world: World;
  beforeAll(async () => {
    world = await openWorld("loosened", rules.firestore);
  }, 60_000);
  afterAll(() => world.close());

  test.each(LOOSENED)("%s", async (_, was, now, name) => {
    const loosened = rules.firestore.replaceAll(was, now);
    expect(loosened).not.toBe(rules.firestore);
    await world.useRules(loosened);
    const collection = map.collection(name);
    expect(await world.attemptAll(collection, ["get"])).not.toEqual(expectedRows(collection, ["get"]));
  });

  test("nothing: the rules as they are fit the matrix", async () => {
    await world.useRules(rules.firestore);
    for (const name of new Set(LOOSENED.map((row) => row[3]))) {
      const collection = map.collection(name);
      expect(await world.attemptAll(collection, ["get"])).toEqual(expectedRows(collection, ["get"]));
    }
  });
});
