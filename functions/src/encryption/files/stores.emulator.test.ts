import { afterAll, expect, test } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { storedFileContract } from "./stored-file-store.contract.js";
import { firestoreStoredFiles } from "./stored-file-store.firestore.js";
import { firestoreTickets } from "./ticket-store.firestore.js";

const { firestore, close } = emulatedFirestore("encryption-files");
afterAll(close);

storedFileContract(() => firestoreStoredFiles(() => firestore));

test("a ticket is found by its hash, once it is there, and with nothing else in it", async () => {
  const tickets = firestoreTickets(() => firestore);
  const ticket = { uid: "ann", sid: "s1", file: "f1", purpose: "upload", until: 5_000 } as const;
  const hash = `hash-${String(process.hrtime.bigint())}`;
  await expect(tickets.find(hash)).resolves.toBeUndefined();
  await tickets.put(hash, ticket);
  await expect(tickets.find(hash)).resolves.toEqual(ticket);
  await expect(tickets.put(hash, ticket)).rejects.toThrow();
});
