import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import PostalMime from "postal-mime";

/** A mail that the receiver has taken. */
export interface ReceivedMail {
  /** Whom the mail server was told to give it to. */
  readonly to: readonly string[];
  /** Addresses in its `To` header. */
  readonly headerTo: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Every link in the text. */
  readonly links: readonly string[];
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  /** When it was taken, epoch milliseconds. */
  readonly at: number;
}

/** Where mails are: a folder, or a suite with a receiver. */
export type Mailbox = string | { readonly mail?: { readonly dir: string } | undefined };

/** The mails of a run, the oldest first; with `to`, only those that went to this address. */
export const readMails = async (mailbox: Mailbox, { to }: { to?: string } = {}): Promise<ReceivedMail[]> => {
  const dir = typeof mailbox === "string" ? mailbox : mailbox.mail?.dir;
  if (dir === undefined || !existsSync(dir)) return [];
  const files = readdirSync(dir).filter((name) => name.endsWith(".eml"));
  const mails = await Promise.all(files.sort(inOrder).map((name) => readMail(dir, name)));
  return to === undefined ? mails : mails.filter((mail) => mail.to.includes(to));
};

/** Waits for a mail to this address that `like` accepts, and answers the newest one. */
export const awaitMail = async (
  mailbox: Mailbox,
  {
    to,
    like = () => true,
    withinMs = 20_000,
  }: { to: string; like?: (mail: ReceivedMail) => boolean; withinMs?: number },
): Promise<ReceivedMail> => {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    const found = (await readMails(mailbox, { to })).findLast(like);
    if (found !== undefined) return found;
    await wait(100);
  }
  throw new Error(`no such mail for ${to} came within ${String(withinMs)} ms`);
};

const readMail = async (dir: string, name: string): Promise<ReceivedMail> => {
  const mail = await PostalMime.parse(readFileSync(join(dir, name)));
  const headers = mail.headers.map(({ key, value }): [string, string] => [key.toLowerCase(), value]);
  return {
    to: headers.filter(([key]) => key === "delivered-to").map(([, value]) => value),
    headerTo: (mail.to ?? []).map(({ address }) => address ?? ""),
    from: mail.from?.address ?? "",
    subject: mail.subject ?? "",
    text: mail.text ?? "",
    html: mail.html ?? "",
    links: (mail.text ?? "").match(/https?:\/\/\S+/g) ?? [],
    messageId: mail.messageId ?? "",
    headers: Object.fromEntries(headers),
    at: Number.parseInt(name, 10),
  };
};

const inOrder = (a: string, b: string): number => Number.parseInt(a, 10) - Number.parseInt(b, 10) || a.localeCompare(b);
