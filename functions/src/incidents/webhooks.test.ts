import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "@jest/globals";
import { Webhook as Verifier } from "standardwebhooks";
import type { SecurityEvent } from "../kernel/event.js";
import { addressRefused } from "./errors.js";
import { deliverNotice, type DeliverDeps } from "./deliver-notice.js";
import { listWebhooks, registerWebhook, removeWebhook } from "./manage-webhooks.js";
import { memoryOutboxStore } from "./outbox-store.js";
import { checkTarget } from "../platform/public-address.js";
import { post } from "../platform/post.js";
import { memoryWebhookStore } from "./webhook-store.js";

const NOW = Date.now();

const set = (overrides: Partial<DeliverDeps> = {}) => {
  const events: SecurityEvent[] = [];
  const logged: object[] = [];
  const outbox = memoryOutboxStore();
  const deps = {
    webhooks: memoryWebhookStore(),
    outbox,
    resolve: () => Promise.resolve(["93.184.216.34"]),
    allowedOrigins: [] as string[],
    refuse: addressRefused,
    // Sealing that binds the place, as encryption does: the wrong place does not open.
    sealSecret: ({ label, subject, secret }: { label: string; subject: string; secret: Uint8Array }) =>
      Promise.resolve(Buffer.from(JSON.stringify([label, subject, Buffer.from(secret).toString("base64")]))),
    openSecret: ({ label, subject, token }: { label: string; subject: string; token: Uint8Array }) => {
      const [sealedLabel, sealedSubject, secret = ""] = JSON.parse(Buffer.from(token).toString()) as string[];
      if (sealedLabel !== label || sealedSubject !== subject) throw new Error("undecryptable");
      return Promise.resolve(Buffer.from(secret, "base64"));
    },
    send: post,
    record: (event: SecurityEvent) => Promise.resolve(void events.push(event)),
    log: (_: string, message: string, fields?: object) => void logged.push({ message, ...fields }),
    clock: () => NOW,
    random: (size: number) => randomBytes(size),
    limit: 3,
    attempts: 3,
    timeoutMs: 500,
    ...overrides,
  };
  return { deps, outbox, events, logged };
};

describe("registering a webhook", () => {
  test("answers a secret once, keeps it sealed, and lists without it", async () => {
    const { deps, events } = set();
    const { id, secret } = await registerWebhook(deps, "op", { url: "https://hooks.example.org/in?a=1" });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await listWebhooks(deps)).toEqual({
      webhooks: [{ id, url: "https://hooks.example.org/in?a=1", createdAt: NOW }],
    });
    const stored = await deps.webhooks.find(id);
    expect(Buffer.from(stored?.secret ?? []).toString()).toContain(`incidents.webhook/${id}`);
    expect(events).toEqual([expect.objectContaining({ actor: "op", detail: { entity: `webhook/${id}` } })]);
    expect(JSON.stringify(events)).not.toContain(secret.slice(6));
  });

  test("is refused beyond the limit, and removing makes room", async () => {
    const { deps } = set();
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push((await registerWebhook(deps, "op", { url: "https://example.org/" })).id);
    await expect(registerWebhook(deps, "op", { url: "https://example.org/" })).rejects.toMatchObject({
      code: "incidents/too-many-webhooks",
    });
    await removeWebhook(deps, "op", ids[0] ?? "");
    await registerWebhook(deps, "op", { url: "https://example.org/" });
    await expect(removeWebhook(deps, "op", ids[0] ?? "")).rejects.toMatchObject({
      code: "incidents/webhook-not-found",
    });
  });
});

describe("an address", () => {
  const check = (url: string, resolved: string[] = ["93.184.216.34"], allowedOrigins: string[] = []) =>
    checkTarget({ resolve: () => Promise.resolve(resolved), allowedOrigins, refuse: addressRefused }, url);

  test.each([
    "http://example.org/",
    "ftp://example.org/",
    "javascript:alert(1)",
    "no url",
    "https://user:secret@example.org/",
    "https://example.org/#x",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://10.0.0.1/",
    "https://192.168.1.1/",
    "https://172.16.0.1/",
    "https://169.254.169.254/",
    "https://0.0.0.0/",
    "https://100.64.0.1/",
    "https://[fe80::1]/",
    "https://[fd00::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://[64:ff9b::7f00:1]/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
  ])("%s is refused", async (url) => {
    await expect(check(url)).rejects.toMatchObject({ code: "incidents/address-refused" });
  });

  test.each([[["10.0.0.5"]], [["93.184.216.34", "127.0.0.1"]], [["::ffff:10.0.0.1"]], [["fe80::1"]], [[]]])(
    "a name that stands for %j is refused",
    async (resolved) => {
      await expect(check("https://innocent.example.org/", resolved)).rejects.toMatchObject({
        code: "incidents/address-refused",
      });
    },
  );

  test("a name that stands for nothing is refused without telling why in words", async () => {
    const failing = checkTarget(
      {
        resolve: () => Promise.reject(new Error("ENOTFOUND internal.host")),
        allowedOrigins: [],
        refuse: addressRefused,
      },
      "https://x.example.org/",
    );
    await expect(failing).rejects.toMatchObject({ details: { why: "name" } });
  });

  test("public ones are taken, with the addresses to connect to", async () => {
    expect((await check("https://example.org/hook")).addresses).toEqual(["93.184.216.34"]);
    expect((await check("https://[2606:2800:220:1::1]/")).addresses).toEqual(["2606:2800:220:1::1"]);
  });

  test("a listed origin is taken as it is, and only that one", async () => {
    const allowed = ["http://127.0.0.1:9099"];
    expect((await check("http://127.0.0.1:9099/hook", [], allowed)).addresses).toBeUndefined();
    await expect(check("http://127.0.0.1:9098/hook", [], allowed)).rejects.toMatchObject({
      code: "incidents/address-refused",
    });
    await expect(check("http://127.0.0.1.example.org:9099/hook", [], allowed)).rejects.toMatchObject({
      code: "incidents/address-refused",
    });
  });
});

describe("delivering a notice", () => {
  const servers: Server[] = [];
  afterEach(() =>
    Promise.all(
      servers
        .splice(0)
        .map((server) => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)))),
    ),
  );

  const receiver = async (
    answer: (
      request: IncomingMessage,
      body: string,
    ) => { status: number; headers?: Record<string, string> } | undefined,
  ) => {
    const seen: { headers: IncomingMessage["headers"]; body: string }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        seen.push({ headers: request.headers, body });
        const answered = answer(request, body);
        if (answered !== undefined) response.writeHead(answered.status, answered.headers).end();
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, seen };
  };

  const queued = async (origin: string, overrides: Partial<DeliverDeps> = {}) => {
    const made = set({ allowedOrigins: [origin], ...overrides });
    const { id, secret } = await registerWebhook(made.deps, "op", { url: `${origin}/hook` });
    const body = JSON.stringify({ type: "incident.opened", data: { incident: "i" } });
    await made.outbox.add({
      id: "notice-1",
      webhook: id,
      incident: "i",
      body,
      state: "pending",
      attempts: 0,
      createdAt: NOW,
    });
    return { ...made, webhook: id, secret, body };
  };

  test("arrives once, signed so that the receiver's library verifies it, and a changed byte does not", async () => {
    const { origin, seen } = await receiver(() => ({ status: 204 }));
    const { deps, secret, body, outbox } = await queued(origin);
    expect(await deliverNotice(deps, "notice-1")).toBe("delivered");
    expect(await deliverNotice(deps, "notice-1")).toBe("delivered");
    expect(seen).toHaveLength(1);
    const headers = seen[0]?.headers as Record<string, string>;
    expect(headers["webhook-id"]).toBe("notice-1");
    expect(new Verifier(secret).verify(seen[0]?.body ?? "", headers)).toEqual(JSON.parse(body));
    expect(() => new Verifier(secret).verify(`${seen[0]?.body ?? ""} `, headers)).toThrow();
    expect(outbox.notices.get("notice-1")).toMatchObject({ state: "delivered", attempts: 1, deliveredAt: NOW });
  });

  test("is tried again until the receiver takes it", async () => {
    let tries = 0;
    const { origin } = await receiver(() => ({ status: (tries += 1) < 3 ? 500 : 200 }));
    const { deps } = await queued(origin);
    await expect(deliverNotice(deps, "notice-1")).rejects.toMatchObject({ code: "incidents/delivery-failed" });
    await expect(deliverNotice(deps, "notice-1")).rejects.toMatchObject({ code: "incidents/delivery-failed" });
    expect(await deliverNotice(deps, "notice-1")).toBe("delivered");
  });

  test("is given up after the last try, with an event", async () => {
    const { origin } = await receiver(() => ({ status: 410 }));
    const { deps, outbox, events } = await queued(origin);
    for (let n = 0; n < 2; n += 1) await deliverNotice(deps, "notice-1").catch(() => undefined);
    expect(await deliverNotice(deps, "notice-1")).toBe("dead");
    expect(await deliverNotice(deps, "notice-1")).toBe("dead");
    expect(outbox.notices.get("notice-1")).toMatchObject({ state: "dead", attempts: 3 });
    expect(events.filter(({ type }) => type.name === "incidents.notice-abandoned")).toHaveLength(1);
  });

  test("follows no redirect", async () => {
    const inside = await receiver(() => ({ status: 200 }));
    const { origin } = await receiver(() => ({ status: 307, headers: { location: `${inside.origin}/` } }));
    const { deps } = await queued(origin);
    await expect(deliverNotice(deps, "notice-1")).rejects.toMatchObject({ code: "incidents/delivery-failed" });
    expect(inside.seen).toHaveLength(0);
  });

  test("does not wait for a receiver that never answers", async () => {
    const { origin } = await receiver(() => undefined);
    const { deps } = await queued(origin);
    const started = Date.now();
    await expect(deliverNotice(deps, "notice-1")).rejects.toMatchObject({ code: "incidents/delivery-failed" });
    expect(Date.now() - started).toBeLessThan(3_000);
  });

  test("looks again where the name points before every try", async () => {
    const { deps, outbox } = set({ send: () => Promise.resolve(200) });
    const { id } = await registerWebhook(deps, "op", { url: "https://hooks.example.org/" });
    await outbox.add({
      id: "notice-1",
      webhook: id,
      incident: "i",
      body: "{}",
      state: "pending",
      attempts: 0,
      createdAt: NOW,
    });
    await expect(
      deliverNotice({ ...deps, resolve: () => Promise.resolve(["169.254.169.254"]) }, "notice-1"),
    ).rejects.toMatchObject({ code: "incidents/delivery-failed" });
    expect(await deliverNotice(deps, "notice-1")).toBe("delivered");
  });

  test("connects to the address that was checked, whatever the name says", async () => {
    const { origin, seen } = await receiver(() => ({ status: 200 }));
    const url = new URL(origin.replace("127.0.0.1", "name-that-does-not-exist.invalid"));
    expect(await post({ url, addresses: ["127.0.0.1"] }, { headers: {}, body: "{}", timeoutMs: 500 })).toBe(200);
    expect(seen[0]?.headers.host).toContain("name-that-does-not-exist.invalid");
  });

  test("drops what is queued for a webhook that was removed, and knows nothing of other ids", async () => {
    const { origin, seen } = await receiver(() => ({ status: 200 }));
    const { deps, webhook } = await queued(origin);
    await removeWebhook(deps, "op", webhook);
    expect(await deliverNotice(deps, "notice-1")).toBe("dead");
    expect(await deliverNotice(deps, "other")).toBe("missing");
    expect(seen).toHaveLength(0);
  });

  test("logs no URL and no secret", async () => {
    const { origin } = await receiver(() => ({ status: 500 }));
    const { deps, logged, secret } = await queued(origin);
    await deliverNotice(deps, "notice-1").catch(() => undefined);
    expect(JSON.stringify(logged)).not.toContain(secret.slice(6));
    expect(JSON.stringify(logged)).not.toContain("/hook");
  });
});
