import { readVariable } from "../config.js";
import { lazy } from "../kernel/lazy.js";
import { smtpMailer } from "./mail-smtp.js";
import type { Mailer } from "./mail.js";

/** The mailer of this project; undefined while no mail server is set up. */
export const mailer = lazy((): { readonly current: Mailer | undefined } => {
  const url = readVariable("FIREKEEP_SMTP_URL");
  if (url === undefined || url === OFF) return { current: undefined };
  return { current: smtpMailer({ url, from: readVariable("FIREKEEP_MAIL_FROM") ?? "" }) };
});

// A function that mounts a secret needs it to exist: this is what it holds in a project without a mail server.
const OFF = "off";
