import { describe } from "@jest/globals";
import { incidentStoreContract } from "./incident-store.contract.js";
import { memoryIncidentStore } from "./incident-store.js";
import { memoryOutboxStore } from "./outbox-store.js";
import { webhookStoresContract } from "./webhook-store.contract.js";
import { memoryWebhookStore } from "./webhook-store.js";

let next = 0;
const id = () => `id-${String((next += 1))}`;

describe("incidents in memory", () => incidentStoreContract(() => ({ incidents: memoryIncidentStore(), id })));
describe("webhooks in memory", () =>
  webhookStoresContract(() => ({ webhooks: memoryWebhookStore(), outbox: memoryOutboxStore(), id })));
