import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { Access } from "../../audit/index.js";
import { testDomain } from "../encryption.fixture.js";
import { openWithKeys } from "../tokens/open-document.js";
import { sealDocument, type Values } from "../tokens/seal-document.js";
import { noteOpened, openDocuments, openIn } from "./open-documents.js";
import { readWith, startReading, type Reader } from "./reader.js";

const why = { purpose: "Test the encryption", legalBasis: "contract", action: "read", collection: "people" };

const world = () => {
  const domain = testDomain();
  const store = async (uid: string, values: Values) => {
    const place = { collection: "people", path: `people/${uid}` };
    return { ...place, data: await sealDocument(domain, { ...place, subject: uid, values }) };
  };
  return { domain, store };
};

describe("opening RED fields", () => {
  test("is on record before the values are returned: one entry a document, with actor, purpose and legal basis", async () => {
    const { domain, store } = world();
    const documents = [
      await store("ada", { secret: "1", other: "2", bio: "3" }),
      await store("bob", { bio: "no RED" }),
      await store("cyd", { secret: "4" }),
    ];
    const recorded: (readonly Access[])[] = [];
    const deps = { ...domain, recordAccesses: (all: readonly Access[]) => (recorded.push(all), Promise.resolve()) };
    const values = await openDocuments(deps, documents, { actor: "system" });
    expect(values.map(({ secret }) => secret)).toEqual(["1", undefined, "4"]);
    expect(recorded).toEqual([
      [
        { ...why, subject: "ada", actor: "system", fields: ["secret", "other"] },
        { ...why, subject: "cyd", actor: "system", fields: ["secret"] },
      ],
    ]);
  });

  test("tells a purpose of the reader's own, and names an operator to the log", async () => {
    const { domain, store } = world();
    const reader: Reader = {
      actor: "operator",
      actorUid: "staff",
      purpose: "Ticket 1",
      legalBasis: "legal-obligation",
    };
    await openDocuments(domain, [await store("ada", { bio: "an operator is told of whatever they open" })], reader);
    const told = { ...why, purpose: "Ticket 1", legalBasis: "legal-obligation" };
    expect(domain.accesses).toEqual([{ ...told, subject: "ada", actor: "operator", actorUid: "staff", fields: [] }]);
  });

  test("gives nothing when it cannot be put on record", async () => {
    const { domain, store } = world();
    const deps = { ...domain, recordAccesses: () => Promise.reject(new Error("the log is down")) };
    const document = await store("ada", { secret: "x" });
    await expect(openDocuments(deps, [document], { actor: "system" })).rejects.toThrow("the log is down");
    const reading = readWith(deps, { actor: "system" }, async (open) => openIn(deps, open, document));
    await expect(reading).rejects.toThrow("the log is down");
  });

  test.each([undefined, {}, { actor: "somebody" }, { actor: "operator" }])(
    "is refused to a reader who is %j",
    async (reader) => {
      const { domain, store } = world();
      const document = await store("ada", { secret: "x" });
      await expect(openDocuments(domain, [document], reader as Reader)).rejects.toMatchObject({
        code: "encryption/reader-missing",
      });
      expect(domain.accesses).toEqual([]);
    },
  );
});

describe("a reading", () => {
  test("holds its result back until everything is on record, each document once", async () => {
    const { domain, store } = world();
    const document = await store("ada", { secret: "x", other: "y" });
    const keys = await domain.dataKeys.warm([{ subject: "ada", class: "RED", version: 1 }], { create: false });
    const order: string[] = [];
    const deps = {
      ...domain,
      recordAccesses: async (all: readonly Access[]) => void order.push(`${String(all.length)} recorded`),
    };
    const secret = await readWith(deps, { actor: "subject", actorUid: "ada" }, (reading) => {
      for (let time = 0; time < 3; time += 1) noteOpened(deps, reading, document, openWithKeys(deps, keys, document));
      order.push("read");
      return openWithKeys(deps, keys, document)["secret"];
    });
    order.push(`shown ${String(secret)}`);
    expect(order).toEqual(["read", "1 recorded", "shown x"]);
  });

  test("records what was opened before it failed", async () => {
    const { domain, store } = world();
    const document = await store("ada", { secret: "x" });
    const failing = readWith(domain, { actor: "system" }, async (reading) => {
      await openIn(domain, reading, document);
      throw new Error("later");
    });
    await expect(failing).rejects.toThrow("later");
    expect(domain.accesses).toHaveLength(1);
  });

  test("opens nothing once it is over", async () => {
    const { domain, store } = world();
    const document = await store("ada", { secret: "x" });
    const reading = startReading(domain, { actor: "system" });
    await reading.settle();
    await expect(openIn(domain, reading, document)).rejects.toMatchObject({ code: "encryption/reading-over" });
  });

  test("that somebody made up opens nothing", async () => {
    const { domain, store } = world();
    const document = await store("ada", { secret: "x" });
    const madeUp = { reader: { actor: "system" }, opened: () => undefined, settle: () => Promise.resolve() } as const;
    await expect(openIn(domain, madeUp, document)).rejects.toMatchObject({ code: "encryption/reader-missing" });
  });

  test("in a person's own name opens nobody else's documents", async () => {
    const { domain, store } = world();
    const document = await store("bob", { secret: "x" });
    const opening = openDocuments(domain, [document], { actor: "subject", actorUid: "ada" });
    await expect(opening).rejects.toMatchObject({ code: "encryption/subject-wrong" });
  });

  test("of an export is one entry a person and collection, which names every field that was in it", async () => {
    const { domain, store } = world();
    const documents = [await store("ada", { secret: "x", theme: "dark" }), await store("ada", { bio: "y" })];
    const reading = startReading(domain, { actor: "subject", actorUid: "ada" }, { summary: true });
    for (const document of documents) await openIn(domain, reading, document);
    await reading.settle();
    expect(domain.accesses).toEqual([{ ...why, subject: "ada", actor: "subject", fields: ["theme", "secret", "bio"] }]);
  });
});

// Opening without a reader discloses nothing only where values go straight back into tokens (documents, rotation), where two
// people decide and every step is recorded (vault), or where what is opened is the file's own key and name (files).
test("no other code can open documents without saying who reads", () => {
  const source = join(__dirname, "../..");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !/\.(test|contract|fixture)\.ts$/u.test(file),
  );
  const openers = files.filter((file) =>
    /\b(?:openDocument|openWithKeys|openToken)\(/u.test(readFileSync(join(source, file), "utf8")),
  );
  const known = ["documents", "rotation", "vault", "files", "tokens"].map((folder) =>
    ["encryption", folder, ""].join(sep),
  );
  const others = openers.filter((file) => !known.some((folder) => file.startsWith(folder)));
  expect(others.map((file) => relative(".", file))).toEqual([join("encryption", "index.ts")]);
  const index = readFileSync(join(source, "encryption", "index.ts"), "utf8");
  for (const [, name = "", rest = ""] of index.matchAll(/export const (open\w*|readAs|encrypted) = ([\s\S]*?)=>/gu)) {
    // Credentials, and exports as they are handed out, are told by the events of their use.
    if (name === "openSecret" || name === "openObject" || name === "encrypted") continue;
    expect([name, /Reader|Reading/u.test(rest)]).toEqual([name, true]);
  }
});
