import { randomUUID } from "node:crypto";
import { afterAll, describe } from "@jest/globals";
import { emulatedFirestore } from "../platform/emulator.fixture.js";
import { incidentStoreContract } from "./incident-store.contract.js";
import { firestoreIncidentStore } from "./incident-store.firestore.js";
import { firestoreOutboxStore } from "./outbox-store.firestore.js";
import { webhookStoresContract } from "./webhook-store.contract.js";
import { firestoreWebhookStore } from "./webhook-store.firestore.js";

const { firestore, close } = emulatedFirestore("detection");
const of = () => firestore;
afterAll(close);

describe("incidents in Firestore", () =>
  incidentStoreContract(() => ({ incidents: firestoreIncidentStore(of), id: randomUUID })));
describe("webhooks in Firestore", () =>
  webhookStoresContract(() => ({
    webhooks: firestoreWebhookStore(of),
    outbox: firestoreOutboxStore(of),
    id: randomUUID,
  })));
