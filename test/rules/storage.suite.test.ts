import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { attachSuite } from "../../dev/suite/index.ts";
import { expectedInStorage, OPERATIONS } from "./expected.js";
import { MAPS } from "./maps.js";
import { personaNamed, PERSONAS, SUBJECT } from "./personas.js";
import { exampleType, folderOf, openStorageWorld, SMALL, type StorageWorld } from "./storage-world.js";

const suite = attachSuite();
const { map } = MAPS.find(({ app }) => app === suite.example) ?? { map: undefined };
if (map === undefined) throw new Error(`the suite runs ${suite.example}, of which no map is known here`);
const subject = personaNamed("the subject");

describe(`Storage rules of ${map.app}`, () => {
  let world: StorageWorld;
  beforeAll(async () => {
    world = await openStorageWorld(suite);
  }, 60_000);
  afterAll(() => world.close(), 60_000);

  test.each(map.folders)(
    "$folder: who may do what",
    async (folder) => {
      const expected = OPERATIONS.flatMap((operation) =>
        PERSONAS.map((persona) => {
          const allowed = expectedInStorage(folder, persona, operation);
          return `${persona.name}: ${operation} ${allowed ? "allowed" : "denied"}`;
        }),
      );
      expect(await world.attemptAll(folder)).toEqual(expected);
    },
    120_000,
  );

  const writable = map.folders.filter(({ access, stored }) => access.write === "subject" && stored === "plain");

  describe.each(writable)("an upload to $folder", (folder) => {
    const own = folderOf(folder, SUBJECT);
    const contentType = exampleType(folder);

    test("is refused over its largest size, and let through at it", async () => {
      expect(await world.upload(subject, `${own}rules-large`, new Uint8Array(folder.maxBytes + 1), contentType)).toBe(
        false,
      );
      expect(await world.upload(subject, `${own}rules-large`, new Uint8Array(folder.maxBytes), contentType)).toBe(true);
    }, 60_000);

    test.each(["text/html", "image/svg+xml", "image/jpegx", "x/image/jpeg", "", undefined])(
      "is refused as %s",
      async (type) => {
        expect(await world.upload(subject, `${own}rules-typed`, SMALL, type)).toBe(false);
      },
    );

    test("reaches deeper folders of one's own, not the folder above and nobody whose id only begins the same", async () => {
      expect(await world.upload(subject, `${own}deep/er/rules`, SMALL, contentType)).toBe(true);
      for (const path of [
        `${own.replace(`${SUBJECT}/`, "")}rules`,
        `${folderOf(folder, `${SUBJECT}2`)}rules`,
        `${folderOf(folder, "alic")}rules`,
      ]) {
        expect([path, await world.upload(subject, path, SMALL, contentType)]).toEqual([path, false]);
      }
    });
  });

  test("what the map does not name is closed to everybody", async () => {
    for (const persona of PERSONAS) {
      expect(await world.upload(persona, `unknown/${SUBJECT}/rules`, SMALL, "image/png")).toBe(false);
      expect(await world.upload(persona, "rules", SMALL, "image/png")).toBe(false);
    }
  });
});
