/** One mail to one address. */
export interface Mail {
  /** Makes it known to the receiving side: two copies with one id are one mail. Characters `A-Za-z0-9_.-`, at most 128. */
  readonly id: string;
  readonly to: string;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

/** Sends mail. */
export interface Mailer {
  /**
   * `accepted`: the mail server has taken it. `refused`: it will never take it for this address (SMTP 5xx).
   *
   * @throws for everything that may pass: no connection, no TLS, a wrong password, SMTP 4xx. Its message names no address.
   */
  send(mail: Mail): Promise<"accepted" | "refused">;
}

/** An address that stands for exactly one mailbox: no list, no comment, no route, nothing that ends a header line. RFC 5321 limits. */
export const isMailAddress = (address: string): boolean => address.length <= 254 && ADDRESS.test(address);

const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]{1,64}@(?=.{1,253}$)[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u;

/** Refuses what could smuggle a header or a second recipient in. */
export const checkMail = ({ id, to, subject }: Mail): void => {
  if (!isMailAddress(to)) throw new TypeError("a mail goes to exactly one well-formed address");
  if (!/^[\w.-]{1,128}$/.test(id)) throw new TypeError("a mail's id is made of letters, digits, dots and dashes");
  if (subject.length > 200 || /[\p{Cc}\u2028\u2029]/u.test(subject))
    throw new TypeError("a mail's subject is one line");
};
