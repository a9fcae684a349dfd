import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import type { SMTPServerDataStream, SMTPServerSession } from "smtp-server";

/** How a test wants a recipient answered: an SMTP status such as 451 or 550. Undefined: it is taken. */
export type Refusal = (address: string) => number | undefined;

export interface MailReceiverOptions {
  /** Where mails are kept, one `.eml` each. */
  readonly dir: string;
  /** Port on 127.0.0.1; 0 (the default) takes a free one. */
  readonly port?: number;
  readonly clock?: () => number;
}

export interface MailReceiver {
  readonly port: number;
  /** For FIREKEEP_SMTP_URL. */
  readonly url: string;
  readonly dir: string;
  /** Makes it refuse recipients from now on. */
  refuse(how: Refusal): void;
  readonly stop: () => Promise<void>;
}

const LARGEST_MAIL_BYTES = 1024 * 1024;

/** Starts a mail server for development and tests, on 127.0.0.1 only. It takes every mail, keeps it, and passes none on. */
export const startMailReceiver = async (options: MailReceiverOptions): Promise<MailReceiver> => {
  const { dir, port = 0, clock = Date.now } = options;
  mkdirSync(dir, { recursive: true });
  const state: { refusal: Refusal; count: number } = { refusal: () => undefined, count: 0 };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    logger: false,
    size: LARGEST_MAIL_BYTES,
    closeTimeout: 500, // a client that lingers must not keep the run from ending
    onRcptTo: ({ address }, _session, done) => {
      const code = state.refusal(address);
      done(code === undefined ? null : Object.assign(new Error("refused"), { responseCode: code }));
    },
    onData: (stream, session, done) => {
      readAll(stream).then(
        (raw) => {
          state.count += 1;
          keep(dir, `${String(clock())}-${String(state.count).padStart(5, "0")}`, delivered(session, raw));
          done(null);
        },
        (error: unknown) => done(error instanceof Error ? error : new Error("the mail broke off")),
      );
    },
  });
  // A client that breaks off must not end the process.
  server.on("error", () => undefined);
  await new Promise<void>((up, fail) => {
    server.server.once("error", fail);
    server.listen(port, "127.0.0.1", () => up());
  });
  const taken = (server.server.address() as AddressInfo).port;
  return {
    port: taken,
    url: `smtp://127.0.0.1:${String(taken)}`,
    dir,
    refuse: (how) => void (state.refusal = how),
    stop: () => new Promise((done) => server.close(() => done())),
  };
};

const readAll = async (stream: SMTPServerDataStream): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  if (stream.sizeExceeded) throw Object.assign(new Error("too large"), { responseCode: 552 });
  return Buffer.concat(chunks);
};

/** As a mailbox would have it: whom it was really for stands on top (RFC 9228). */
const delivered = ({ envelope }: SMTPServerSession, raw: Buffer): Buffer =>
  Buffer.concat([...envelope.rcptTo.map(({ address }) => Buffer.from(`Delivered-To: ${address}\r\n`)), raw]);

// Under another name first, so that a reader never meets half a mail.
const keep = (dir: string, name: string, mail: Buffer): void => {
  const unfinished = join(dir, `.${name}`);
  writeFileSync(unfinished, mail);
  renameSync(unfinished, join(dir, `${name}.eml`));
};
