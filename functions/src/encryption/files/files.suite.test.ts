import { createHash, randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "@jest/globals";
import { attachSuite, type Suite } from "../../../../dev/suite/index.js";

// Through the deployed functions and the Storage emulator, as a client that speaks HTTP itself.
let suite: Suite;
beforeAll(() => {
  suite = attachSuite();
});

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const post = async (url: string, body: object, headers: Record<string, string> = {}): Promise<Answer> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
};

const urlOf = (id: string): string =>
  `http://127.0.0.1:${String(suite.ports.functions)}/${suite.project}/${suite.region}/${id}`;

interface Person {
  readonly uid: string;
  readonly call: (id: string, data?: object) => Promise<Record<string, never>>;
  readonly refusal: (id: string, data?: object) => Promise<unknown>;
}

const signUp = async (name: string): Promise<Person> => {
  const email = `files-${name}-${String(Date.now())}-${String(process.pid)}@example.org`;
  const { body } = await post(`${suite.urls.auth}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=demo`, {
    email,
    password: "correct horse battery",
    returnSecureToken: true,
  });
  const headers = { authorization: `Bearer ${String(body["idToken"])}`, "x-firebase-appcheck": "demo" };
  const send = (id: string, data: object) => post(urlOf(id), { data }, headers);
  const call = async (id: string, data: object = {}) => {
    const answer = await send(id, data);
    if (answer.status !== 200) throw new Error(`${id}: ${JSON.stringify(answer.body)}`);
    return answer.body["result"] as Record<string, never>;
  };
  const refusal = async (id: string, data: object = {}) =>
    ((await send(id, data)).body["error"] as { details?: { code?: string } } | undefined)?.details?.code;
  await call("identity-session-start", { device: { name: "Laptop" } });
  return { uid: String(body["localId"]), call, refusal };
};

const digestOf = (bytes: Uint8Array): string => `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:`;

const putPart = async (ticket: string, part: number, bytes: Uint8Array, digest = digestOf(bytes)): Promise<Answer> => {
  const response = await fetch(`${urlOf("encryption-file-upload")}?part=${String(part)}`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${ticket}`,
      "content-type": "application/octet-stream",
      "content-digest": digest,
      origin: "https://app.example.com",
    },
    body: Buffer.from(bytes),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
};

const get = (id: string, ticket: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(urlOf(id), { headers: { authorization: `Bearer ${ticket}`, origin: "https://app.example.com", ...headers } });

const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { error?: { code?: string } }).error?.code;

/** The bucket as whoever has its bytes sees it. */
const bucketOf = async (prefix: string): Promise<{ name: string; bytes: Buffer; facts: string }[]> => {
  const base = `http://127.0.0.1:${String(suite.ports.storage)}/storage/v1/b/${suite.project}.appspot.com/o`;
  const headers = { authorization: "Bearer owner" };
  const listed = await fetch(`${base}?prefix=${encodeURIComponent(prefix)}`, { headers });
  const { items = [] } = (await listed.json()) as { items?: { name: string }[] };
  return Promise.all(
    items.map(async (item) => {
      const response = await fetch(`${base}/${encodeURIComponent(item.name)}?alt=media`, { headers });
      return { name: item.name, bytes: Buffer.from(await response.arrayBuffer()), facts: JSON.stringify(item) };
    }),
  );
};

const SENTENCE = "nobody else shall read this letter. ";

test("a letter of three parts goes up with an interruption, comes down in ranges, and is nobody else's", async () => {
  const [ann, eve] = [await signUp("ann"), await signUp("eve")];
  const begin = { folder: "attachments", params: { uid: ann.uid }, contentType: "image/png", name: "to-my-love.png" };
  const probe = await ann.call("encryption-file-begin", { ...begin, size: 1 });
  const partBytes = Number(probe["partBytes"]);
  await ann.call("encryption-file-remove", { file: probe["file"] });
  const content = Buffer.concat([Buffer.from(SENTENCE.repeat(1_000)), randomBytes(2 * partBytes)]);
  const part = (number: number) => content.subarray(number * partBytes, (number + 1) * partBytes);

  const begun = await ann.call("encryption-file-begin", { ...begin, size: content.length });
  expect(begun).toMatchObject({ parts: 3, arrived: [] });
  const file = String(begun["file"]);
  const ticket = String(begun["ticket"]);
  expect(await putPart(ticket, 0, part(0))).toMatchObject({ status: 200, body: { part: 0, arrived: [0] } });
  expect((await putPart(ticket, 1, part(1), digestOf(part(0)))).status).toBe(422);
  expect((await putPart(ticket, 0, part(1))).status).toBe(409);
  // The app went away, and comes back later with nothing but the file's id.
  const again = await ann.call("encryption-file-begin", { ...begin, size: content.length, resume: file });
  expect(again).toMatchObject({ file, arrived: [0] });
  const status = await get("encryption-file-upload", String(again["ticket"]));
  expect(await status.json()).toEqual({ size: content.length, partBytes, parts: 3, arrived: [0] });
  expect(await ann.refusal("encryption-file-finish", { file })).toBe("encryption/file-incomplete");
  await Promise.all([1, 2].map((number) => putPart(String(again["ticket"]), number, part(number))));
  const finished = await Promise.all([1, 2, 3].map(() => ann.call("encryption-file-finish", { file })));
  for (const answer of finished) expect(answer).toEqual({ file, size: content.length });

  // In the bucket: three objects, and nothing that tells what they are.
  const objects = await bucketOf(`attachments/${ann.uid}/${file}/`);
  expect(objects).toHaveLength(3);
  for (const { bytes, facts } of objects) {
    expect(bytes.includes(SENTENCE)).toBe(false);
    expect(facts).not.toMatch(/my-love|image\/png/);
  }

  const opened = await ann.call("encryption-file-open", { file });
  expect(opened).toMatchObject({ size: content.length, contentType: "image/png", name: "to-my-love.png" });
  const download = String(opened["ticket"]);
  const whole = await get("encryption-file-download", download);
  expect(Buffer.from(await whole.arrayBuffer()).equals(content)).toBe(true);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    "content-type": "image/png",
    "content-disposition": "attachment",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
    "content-security-policy": expect.stringContaining("sandbox") as unknown as string,
    "access-control-allow-origin": "https://app.example.com",
    "access-control-expose-headers": expect.stringContaining("content-range") as unknown as string,
  });
  const [from, to] = [partBytes - 7, partBytes + 9];
  const range = await get("encryption-file-download", download, { range: `bytes=${String(from)}-${String(to)}` });
  expect([range.status, range.headers.get("content-range")]).toEqual([
    206,
    `bytes ${String(from)}-${String(to)}/${String(content.length)}`,
  ]);
  expect(Buffer.from(await range.arrayBuffer()).equals(content.subarray(from, to + 1))).toBe(true);
  const beyond = await get("encryption-file-download", download, { range: `bytes=${String(content.length)}-` });
  expect([beyond.status, await codeOf(beyond)]).toEqual([416, "encryption/range-wrong"]);

  // Others: neither by the file's id nor by a guessed ticket, and not by a ticket for something else.
  expect(await eve.refusal("encryption-file-open", { file })).toBe("encryption/file-unknown");
  expect(await eve.refusal("encryption-file-begin", { ...begin, size: 1 })).toBe("encryption/not-yours");
  const guessed = await get("encryption-file-download", "A".repeat(43));
  expect([guessed.status, await codeOf(guessed)]).toEqual([401, "encryption/ticket-refused"]);
  expect((await get("encryption-file-download", ticket)).status).toBe(401);

  // The session ends, and its tickets with it.
  await ann.call("identity-session-end");
  const ended = await get("encryption-file-download", download);
  expect([ended.status, await codeOf(ended)]).toEqual([401, "request/session-revoked"]);
}, 300_000);

test("an altered object is an error, not bytes; a preflight is answered as callables answer it", async () => {
  const ann = await signUp("bea");
  const content = randomBytes(1_000);
  const begin = { folder: "attachments", params: { uid: ann.uid }, contentType: "image/png", size: content.length };
  const { file, ticket } = await ann.call("encryption-file-begin", begin);
  await putPart(String(ticket), 0, content);
  await ann.call("encryption-file-finish", { file });
  const [object] = await bucketOf(`attachments/${ann.uid}/${String(file)}/`);
  if (object === undefined) throw new Error("nothing is in the bucket");
  const altered = Buffer.from(object.bytes);
  altered[500] = (altered[500] ?? 0) ^ 1;
  const upload = `http://127.0.0.1:${String(suite.ports.storage)}/upload/storage/v1/b/${suite.project}.appspot.com/o`;
  await fetch(`${upload}?uploadType=media&name=${encodeURIComponent(object.name)}`, {
    method: "POST",
    headers: { authorization: "Bearer owner", "content-type": "application/octet-stream" },
    body: altered,
  });
  const opened = await ann.call("encryption-file-open", { file });
  const answer = await get("encryption-file-download", String(opened["ticket"]));
  expect([answer.status, await codeOf(answer)]).toEqual([500, "encryption/undecryptable"]);
  const preflight = await fetch(urlOf("encryption-file-upload"), {
    method: "OPTIONS",
    headers: {
      origin: "https://app.example.com",
      "access-control-request-method": "PUT",
      "access-control-request-headers": "authorization,content-digest,content-type",
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
  expect(preflight.headers.get("access-control-allow-headers")).toContain("content-digest");
  await ann.call("encryption-file-remove", { file });
  expect(await bucketOf(`attachments/${ann.uid}/${String(file)}/`)).toEqual([]);
}, 180_000);
