import { expect, test } from "@jest/globals";
import type { Notice, OutboxStore } from "./outbox-store.js";
import type { WebhookStore } from "./webhook-store.js";

/** What the stores of webhooks and of notices must do. */
export const webhookStoresContract = (
  make: () => { webhooks: WebhookStore; outbox: OutboxStore; id: () => string },
): void => {
  test("keeps a webhook with the bytes of its secret until it is removed", async () => {
    const { webhooks, id } = make();
    const webhook = {
      id: id(),
      url: "https://example.org/",
      createdAt: 1,
      createdBy: "operator",
      secret: Uint8Array.of(1, 2, 255),
    };
    await webhooks.add(webhook);
    expect([...((await webhooks.find(webhook.id))?.secret ?? [])]).toEqual([1, 2, 255]);
    expect((await webhooks.list()).map((one) => one.id)).toContain(webhook.id);
    expect(await webhooks.remove(webhook.id)).toBe(true);
    expect(await webhooks.remove(webhook.id)).toBe(false);
    expect(await webhooks.find(webhook.id)).toBeUndefined();
  });

  test("adds a notice once and notes how its tries end", async () => {
    const { outbox, id } = make();
    const notice: Notice = {
      id: id(),
      webhook: "w",
      incident: "i",
      body: "{}",
      state: "pending",
      attempts: 0,
      createdAt: 1,
    };
    await outbox.add(notice);
    await outbox.add({ ...notice, body: "{other}" });
    await outbox.settle(notice.id, { state: "delivered", attempts: 2, deliveredAt: 9 });
    expect(await outbox.find(notice.id)).toMatchObject({ body: "{}", state: "delivered", attempts: 2, deliveredAt: 9 });
    expect(await outbox.find(id())).toBeUndefined();
  });
};
