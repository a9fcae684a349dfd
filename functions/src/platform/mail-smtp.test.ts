import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { startMailReceiver, type MailReceiver } from "../../../dev/mail/index.js";
import { readMails } from "../../../dev/mail/read-mails.js";
import { smtpMailer, smtpOptions } from "./mail-smtp.js";

const from = "security@firekeep.example";
const dir = mkdtempSync(join(tmpdir(), "firekeep-smtp-"));
let receiver: MailReceiver;

beforeAll(async () => {
  receiver = await startMailReceiver({ dir });
});
afterEach(() => receiver.refuse(() => undefined));
afterAll(async () => {
  await receiver.stop();
  rmSync(dir, { recursive: true });
});

const send = (to: string, text = "Hi.") =>
  smtpMailer({ url: receiver.url, from }).send({ id: `id-${to.replace("@", ".")}`, to, subject: "Hello", text });

test("a mail arrives with one recipient, a known id, and a wish for no automatic answer", async () => {
  expect(await send("ann@example.org", ".\r\nBcc: eve@example.org\n.\nend")).toBe("accepted");
  const [mail] = await readMails(dir, { to: "ann@example.org" });
  expect(mail).toMatchObject({
    to: ["ann@example.org"],
    headerTo: ["ann@example.org"],
    from,
    subject: "Hello",
    messageId: "<id-ann.example.org@firekeep.example>",
  });
  expect(mail?.headers).toMatchObject({ "auto-submitted": "auto-generated" });
  expect(mail?.headers).not.toHaveProperty("bcc");
  expect(mail?.text.trim()).toBe(".\nBcc: eve@example.org\n.\nend");
});

test("what no server would take is never given to one", async () => {
  const before = (await readMails(dir)).length;
  await expect(send("ann@example.org\r\nRCPT TO:<eve@example.org>")).rejects.toThrow(TypeError);
  expect(await readMails(dir)).toHaveLength(before);
});

describe("a server that says no", () => {
  test.each([550, 552, 553, 554])("%d to the address is for good", async (code) => {
    receiver.refuse(() => code);
    expect(await send("gone@example.org")).toBe("refused");
  });

  test.each([421, 450, 451, 452])("%d may pass: it throws, and names no address", async (code) => {
    receiver.refuse(() => code);
    const error = await send("full@example.org").catch((thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toContain(String(code));
    expect(String(error)).not.toContain("full@example.org");
    expect((error as Error).cause).toBeUndefined();
  });

  test("nobody there may pass, too", async () => {
    const nobody = smtpMailer({ url: "smtp://127.0.0.1:1", from });
    await expect(nobody.send({ id: "1", to: "ann@example.org", subject: "Hello", text: "Hi." })).rejects.toThrow(
      "ESOCKET",
    );
  });
});

test("a server elsewhere is spoken to by TLS only: one that offers none gets no mail", async () => {
  const { requireTLS, ...plain } = smtpOptions("smtp://mail.example.com");
  expect(requireTLS).toBe(true);
  expect(plain).toMatchObject({ port: 587, secure: false, tls: { minVersion: "TLSv1.2" } });
  // The receiver, as if it stood elsewhere: it offers no STARTTLS.
  const { nodemailerSdk } = await import("./sdk.js");
  const transport = nodemailerSdk().createTransport({
    ...plain,
    requireTLS: true,
    host: "127.0.0.1",
    port: receiver.port,
  });
  await expect(transport.sendMail({ from, to: "tls@example.org", text: "Hi." })).rejects.toMatchObject({
    code: "ETLS",
  });
  expect(await readMails(dir, { to: "tls@example.org" })).toEqual([]);
});

describe("a mail server's URL", () => {
  test("is read with its percent-encoded password, and waits for nothing for ever", () => {
    expect(smtpOptions("smtps://ann%40x:p%2Fw@mail.example.com")).toMatchObject({
      host: "mail.example.com",
      port: 465,
      secure: true,
      requireTLS: false,
      auth: { user: "ann@x", pass: "p/w" },
      connectionTimeout: 20_000,
      greetingTimeout: 20_000,
      socketTimeout: 20_000,
    });
  });

  test.each(["smtp://localhost:2525", "smtp://127.0.0.1", "smtp://[::1]:25"])(
    "on this machine needs no TLS: %s",
    (url) => {
      expect(smtpOptions(url).requireTLS).toBe(false);
    },
  );

  test.each(["smtp://localhost.example.com", "smtp://127.0.0.1.example.com", "smtp://10.0.0.1"])(
    "that only looks like this machine's needs TLS: %s",
    (url) => expect(smtpOptions(url).requireTLS).toBe(true),
  );

  test.each([
    "mail.example.com",
    "http://mail.example.com",
    "smtps://u:secret@mail.example.com?tls.rejectUnauthorized=false",
    "smtps://u:secret@mail.example.com/path",
    "",
  ])("is refused without telling it: %j", (url) => {
    expect(() => smtpOptions(url)).toThrow("FIREKEEP_SMTP_URL");
    expect(() => smtpOptions(url)).not.toThrow("secret");
  });

  test("needs a sender", () => {
    expect(() => smtpMailer({ url: "smtps://mail.example.com", from: "" })).toThrow("FIREKEEP_MAIL_FROM");
  });
});
