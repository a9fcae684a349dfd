import { afterEach, describe, expect, test } from "@jest/globals";
import type { Auth } from "firebase-admin/auth";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { firebasePasswordDirectory } from "./password-directory.js";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const EMAIL = "ann@example.org";
const PASSWORD = " an orchard in the rain Ä ";

/** Identity Toolkit as far as it is asked, which answers as told. */
const toolkit = async (answer: (response: ServerResponse) => void) => {
  const asked: { request: IncomingMessage; body: unknown }[] = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked.push({ request, body: JSON.parse(Buffer.concat(chunks).toString()) });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const directory = firebasePasswordDirectory(
    () => ({}) as unknown as Auth,
    () => ({
      endpoint: `http://127.0.0.1:${String(port)}/base`,
      apiKey: "key",
      timeoutMs: 1_500,
      userAgent: async (email) => `proxy for ${email}`,
    }),
  );
  return { asked, verify: () => directory.verify(EMAIL, PASSWORD) };
};

const answering = (body: object, status = 200) =>
  toolkit((response) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)));
const refusing = (message: string) => answering({ error: { code: 400, message } }, 400);

describe("asking Firebase about a password", () => {
  test("sends it as typed, in the body only, with the key in a header and the name that was signed", async () => {
    const { asked, verify } = await answering({ localId: "ann", idToken: "t", refreshToken: "r" });
    expect(await verify()).toEqual({ outcome: "right", uid: "ann" });
    expect(asked[0]?.body).toEqual({ email: EMAIL, password: PASSWORD, returnSecureToken: true });
    expect(asked[0]?.request).toMatchObject({ method: "POST", url: "/base/v1/accounts:signInWithPassword" });
    expect(asked[0]?.request.headers).toMatchObject({ "x-goog-api-key": "key", "user-agent": `proxy for ${EMAIL}` });
  });

  test("a second factor that is still to come is not a sign-in", async () => {
    const { verify } = await answering({ localId: "ann", mfaPendingCredential: "p", mfaInfo: [{}] });
    expect(await verify()).toEqual({ outcome: "second-factor", uid: "ann" });
  });

  test.each([
    ["INVALID_LOGIN_CREDENTIALS", "wrong-credentials"],
    ["INVALID_PASSWORD", "wrong-credentials"],
    ["EMAIL_NOT_FOUND", "wrong-credentials"],
    ["USER_DISABLED", "disabled"],
    ["TOO_MANY_ATTEMPTS_TRY_LATER : Access was disabled for a while.", "throttled"],
    ["BLOCKING_FUNCTION_ERROR_RESPONSE : ((HTTP request to …))", "blocked"],
  ])("%s is a refusal", async (message, why) => {
    expect(await (await refusing(message)).verify()).toEqual({ outcome: "refused", why });
  });
});

describe("an answer that is none throws, and its words do not repeat what was sent", () => {
  test.each<[string, () => ReturnType<typeof toolkit>]>([
    ["another refusal", () => refusing(`API_KEY_INVALID : ${EMAIL} ${PASSWORD}`)],
    ["a sign-in without a token", () => answering({ localId: "ann" })],
    ["an account without an id", () => answering({ idToken: "t" })],
    ["a list", () => answering([])],
    ["a page", () => toolkit((response) => response.end("<!doctype html>"))],
    ["a redirect", () => toolkit((response) => response.writeHead(307, { location: "/elsewhere" }).end())],
    ["silence", () => toolkit(() => undefined)],
  ])("%s", async (_, serve) => {
    const { verify } = await serve();
    const message = await verify().then(
      () => undefined,
      (cause: unknown) => (cause as Error).message,
    );
    expect(message).toEqual(expect.any(String));
    expect(message).not.toMatch(/example|orchard/);
  });
});

describe("changing what Firebase keeps", () => {
  const taken = Object.assign(new Error("taken"), { code: "auth/email-already-exists" });
  const other = Object.assign(new Error("down"), { code: "auth/internal-error" });
  const calls: unknown[][] = [];
  const directory = (error?: Error) => {
    const answer = (...call: unknown[]) => {
      calls.push(call);
      return error === undefined ? Promise.resolve({ uid: "new" }) : Promise.reject(error);
    };
    const auth = { createUser: answer, updateUser: answer } as unknown as Auth;
    return firebasePasswordDirectory(
      () => auth,
      () => {
        throw new Error("not asked");
      },
    );
  };

  test("makes accounts with a confirmed address, unless it has one", async () => {
    expect(await directory().create(EMAIL, PASSWORD)).toBe("new");
    expect(calls.at(-1)).toEqual([{ email: EMAIL, password: PASSWORD, emailVerified: true }]);
    expect(await directory(taken).create(EMAIL, PASSWORD)).toBeUndefined();
    await expect(directory(other).create(EMAIL, PASSWORD)).rejects.toThrow("down");
  });

  test("sets passwords and confirmed addresses", async () => {
    await directory().setPassword("ann", PASSWORD);
    expect(calls.at(-1)).toEqual(["ann", { password: PASSWORD }]);
    expect(await directory().setAddress("ann", EMAIL)).toBe(true);
    expect(calls.at(-1)).toEqual(["ann", { email: EMAIL, emailVerified: true }]);
    expect(await directory(taken).setAddress("ann", EMAIL)).toBe(false);
    await expect(directory(other).setAddress("ann", EMAIL)).rejects.toThrow("down");
  });
});
