import { startMailReceiver } from "../mail/index.ts";

export interface MailAddress {
  /** `smtp://host:port`, for FIREKEEP_SMTP_URL. */
  smtp: string;
  /** Where mails are, one `.eml` each; `readMails` of dev/mail reads them. */
  dir: string;
}

/** Starts the mail receiver in this process. */
export const startMail = async (dir: string): Promise<{ address: MailAddress; stop: () => Promise<void> }> => {
  const receiver = await startMailReceiver({ dir });
  return { address: { smtp: receiver.url, dir }, stop: receiver.stop };
};
