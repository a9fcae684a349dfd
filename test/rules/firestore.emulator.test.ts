import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import * as sdk from "firebase/firestore";
import { expectedRows } from "./expected.js";
import { openWorld, type World } from "./firestore-world.js";
import { MAPS } from "./maps.js";
import { personaNamed, PERSONAS, SUBJECT } from "./personas.js";

const subject = personaNamed("the subject");

describe.each(MAPS)("Firestore rules of $app", ({ app, map, rules }) => {
  let world: World;
  beforeAll(async () => {
    // Of the map in force, the file that is deployed is tried.
    const inForce = MAPS[0]?.app === app;
    world = await openWorld(
      app,
      inForce ? readFileSync(join(__dirname, "../../firestore.rules"), "utf8") : rules.firestore,
    );
  }, 60_000);
  afterAll(() => world.close());

  // Firekeep's own sections are the same whatever the app: once is enough.
  const tried = map.collections.filter(({ owner }) => owner === "app" || MAPS[0]?.app === app);

  test.each(tried)("$path: who may do what", async (collection) => {
    expect(await world.attemptAll(collection)).toEqual(expectedRows(collection));
  });

  const writable = map.collections.filter(({ access }) => access.write === "subject");

  describe.each(writable)("a client's write to $path", (collection) => {
    test("is let through with what its person gives", async () => {
      expect(await world.update(subject, collection, {})).toBe(true);
    });

    test.each(["surprise", "_e", "_b", "_ek"])("is refused with %s, which no client writes", async (name) => {
      expect(await world.update(subject, collection, { [name]: { email: "forged" } })).toBe(false);
      expect(await world.create(subject, collection, { [name]: { email: "forged" } })).toBe(false);
    });

    test.each(Object.values(collection.fields))("is refused with $name of another type", async ({ name, type }) => {
      expect(await world.update(subject, collection, { [name]: type === "boolean" ? "true" : true })).toBe(false);
      expect(await world.create(subject, collection, { [name]: type === "boolean" ? "true" : true })).toBe(false);
    });

    const { subject: about, retention } = collection;
    if (about.by === "field") {
      test("is refused about another person, and takes nobody's document over", async () => {
        expect(await world.create(subject, collection, { [about.field]: "bob" })).toBe(false);
        expect(await world.update(subject, collection, { [about.field]: "bob" })).toBe(false);
        expect(await world.update(personaNamed("another person"), collection, { [about.field]: "bob" })).toBe(false);
      });
    }
    if (retention.from !== undefined) {
      const from = retention.from;
      test("is refused when its time would begin in the future, or never", async () => {
        const future = sdk.Timestamp.fromMillis(Date.now() + 86_400_000);
        expect(await world.update(subject, collection, { [from]: future })).toBe(false);
        expect(await world.update(subject, collection, { [from]: sdk.deleteField() })).toBe(false);
        expect(await world.update(subject, collection, { [from]: sdk.serverTimestamp() })).toBe(true);
      });
    }
  });

  test.each([
    "unknown/sample",
    "profiles/alice/unknown/sample",
    "secSessions/s-subject/unknown/sample",
    "secsessions/s-subject",
  ])("%s, which the map does not name, is closed to everybody", async (path) => {
    for (const persona of PERSONAS) {
      const document = sdk.doc(world.as(persona), path);
      expect(await world.allows(sdk.getDoc(document))).toBe(false);
      expect(await world.allows(sdk.setDoc(document, { any: 1 }))).toBe(false);
    }
  });

  test("no client reads across parents, not even an admin", async () => {
    for (const { group } of tried) {
      for (const persona of [subject, personaNamed("an admin at AAL2")]) {
        const everywhere = sdk.query(sdk.collectionGroup(world.as(persona), group), sdk.limit(1));
        expect([group, await world.allows(sdk.getDocs(everywhere))]).toEqual([group, false]);
      }
    }
  });

  test("a person lists their own sessions, nobody else's, and not all", async () => {
    const sessions = sdk.collection(world.as(subject), "secSessions");
    const listOf = (uid: string): Promise<boolean> =>
      world.allows(sdk.getDocs(sdk.query(sessions, sdk.where("uid", "==", uid))));
    expect([await listOf(SUBJECT), await listOf("bob")]).toEqual([true, false]);
    expect(await world.allows(sdk.getDocs(sessions))).toBe(false);
  });
});
