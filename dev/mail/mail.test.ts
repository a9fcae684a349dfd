import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startMailReceiver } from "./index.ts";
import type { MailReceiver } from "./index.ts";
import { awaitMail, readMails } from "./read-mails.ts";

let dir: string;
let receiver: MailReceiver;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "firekeep-mail-"));
  receiver = await startMailReceiver({ dir });
});
afterEach(async () => {
  await receiver.stop();
  rmSync(dir, { recursive: true });
});

/** Speaks SMTP, one line after the other; answers the status of every answer. */
const speak = (lines: readonly string[]): Promise<string[]> =>
  new Promise((done, fail) => {
    const said: string[] = [];
    const waiting = [...lines];
    const socket = connect(receiver.port, "127.0.0.1");
    socket.setEncoding("utf8").on("error", fail);
    socket.on("data", (answer: string) => {
      said.push(answer.slice(0, 3));
      const next = waiting.shift();
      if (next === undefined) socket.end(() => done(said));
      else socket.write(`${next}\r\n`);
    });
  });

const mail = (to: string) => [
  "HELO here",
  "MAIL FROM:<security@firekeep.example>",
  `RCPT TO:<${to}>`,
  "DATA",
  `From: security@firekeep.example\r\nTo: ${to}\r\nSubject: Hello\r\n\r\nOpen http://localhost/#/not-me/abc now.\r\n.`,
];

test("a mail that was taken is read back by its address", async () => {
  expect(await speak(mail("ann@example.org"))).toEqual(["220", "250", "250", "250", "354", "250"]);
  await speak(mail("bob@example.org"));
  const [found, ...others] = await readMails(dir, { to: "ann@example.org" });
  expect(others).toEqual([]);
  expect(found).toMatchObject({ to: ["ann@example.org"], headerTo: ["ann@example.org"], subject: "Hello" });
  expect(found?.links).toEqual(["http://localhost/#/not-me/abc"]);
  expect(await readMails(dir)).toHaveLength(2);
  expect(await awaitMail(dir, { to: "bob@example.org" })).toMatchObject({ subject: "Hello" });
});

test("a recipient is refused as the test says", async () => {
  receiver.refuse((address) => (address.startsWith("full") ? 452 : undefined));
  expect(await speak(mail("full@example.org").slice(0, 3))).toEqual(["220", "250", "250", "452"]);
  expect(await readMails(dir)).toEqual([]);
});

test("nobody answers once it has stopped", async () => {
  await receiver.stop();
  await expect(speak(mail("ann@example.org"))).rejects.toThrow("ECONNREFUSED");
  receiver = await startMailReceiver({ dir });
});
