import type { SMTPTransportOptions } from "nodemailer/lib/smtp-transport";
import { config } from "../config.js";
import { lazy } from "../kernel/lazy.js";
import { checkMail, isMailAddress, type Mailer } from "./mail.js";
import { nodemailerSdk } from "./sdk.js";

/**
 * Mail by SMTP. `url` is `smtps://user:password@host:465` or `smtp://user:password@host:587` (percent-encoded); the second one
 * changes to TLS before anything is said. Only a server on this machine may be spoken to without.
 *
 * @throws TypeError when the URL or the sender's address is malformed
 */
export const smtpMailer = ({ url, from }: { url: string; from: string }): Mailer => {
  const options = smtpOptions(url);
  if (!isMailAddress(from)) throw new TypeError("FIREKEEP_MAIL_FROM must be one e-mail address");
  const transport = lazy(() => nodemailerSdk().createTransport(options));
  return {
    send: async (mail) => {
      checkMail(mail);
      const { id, to, subject, text, html } = mail;
      try {
        await transport().sendMail({
          // As an object, so that nothing is parsed as a list.
          from: { name: "", address: from },
          to: { name: "", address: to },
          subject,
          text,
          ...(html !== undefined && { html }),
          messageId: `<${id}@${from.slice(from.indexOf("@") + 1)}>`,
          // RFC 3834 §5: no holiday replies.
          headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
          disableFileAccess: true,
          disableUrlAccess: true,
          signal: AbortSignal.timeout(config.mail.timeoutMs),
        });
        return "accepted";
      } catch (error) {
        if (isRefusal(error)) return "refused";
        throw withoutPersonalData(error);
      }
    },
  };
};

/** How the server of that URL is spoken to. */
export const smtpOptions = (url: string): SMTPTransportOptions => {
  const { protocol, hostname, port, username, password, pathname, search, hash } = parse(url);
  if (!/^smtps?:$/.test(protocol) || hostname === "" || !/^\/?$/.test(pathname) || search !== "" || hash !== "")
    throw malformed();
  const host = hostname.replace(/^\[|\]$/g, "");
  const secure = protocol === "smtps:";
  return {
    host,
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !LOOPBACK.test(host),
    tls: { minVersion: "TLSv1.2" },
    ...(username !== "" && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    dnsTimeout: config.mail.timeoutMs,
    connectionTimeout: config.mail.timeoutMs,
    greetingTimeout: config.mail.timeoutMs,
    socketTimeout: config.mail.timeoutMs,
  };
};

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

const parse = (url: string): URL => {
  try {
    return new URL(url);
  } catch {
    throw malformed();
  }
};

// The URL holds a password: no cause, no excerpt.
const malformed = () =>
  new TypeError("FIREKEEP_SMTP_URL must be smtps://user:password@host:465 or smtp://user:password@host:587");

interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
  /** The command that was answered. */
  readonly command?: string;
}

// 5xx to the recipient or the message is about this mail; to anything else (log-in, sender) it is about our own set-up, which
// an operator will mend.
const isRefusal = (error: unknown): boolean => {
  const { responseCode = 0, command = "" } = error as SmtpError;
  return responseCode >= 500 && responseCode < 600 && (command === "RCPT TO" || command === "DATA");
};

// A server's answer repeats addresses: only its codes are told.
const withoutPersonalData = (error: unknown): Error => {
  const { code = "unknown", responseCode = 0, command = "" } = error as SmtpError;
  return new Error(`the mail server did not take it: ${code} ${String(responseCode)} ${command}`.trimEnd());
};
