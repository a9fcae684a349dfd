import { config } from "../../../config.js";
import type { EpochMs } from "../../../kernel/time.js";
import type { Content } from "../content.js";
import { textsOf, type MailText, type Texts } from "./texts.js";

/** A mail without its address. */
export interface Rendered {
  readonly subject: string;
  readonly text: string;
  /** Absent where there is a code: a code is typed, never clicked. */
  readonly html?: string;
}

interface Part {
  readonly lines: readonly string[];
  readonly link?: string;
}

/**
 * Puts a mail into words, as plain text and as HTML with the same words. `at` is when it happened; `consoleUrl` leads the
 * links, which carry their token in the fragment, so that no server, log or scanner that fetches the page sees it.
 */
export const render = (
  content: Content,
  { at, consoleUrl, exists = false }: { at: EpochMs; consoleUrl: string | undefined; exists?: boolean },
): Rendered => {
  const texts = textsOf(config.mail.language);
  const { mail, parts } = partsOf(content, { texts, at, consoleUrl, exists });
  const all: Part[] = [{ lines: mail.says }, ...parts, { lines: mail.todo }, { lines: [texts.footer] }];
  return {
    subject: mail.subject,
    text: `${all.map(({ lines, link }) => [...lines, ...(link === undefined ? [] : [link])].join("\n")).join("\n\n")}\n`,
    ...(holdsCode(content) ? {} : { html: page(mail.subject, all) }),
  };
};

const holdsCode = (content: Content): boolean =>
  content.type === "code" || (content.type === "letter" && content.kind === "recovery-code");

interface With {
  readonly texts: Texts;
  readonly at: EpochMs;
  readonly consoleUrl: string | undefined;
  readonly exists: boolean;
}

const partsOf = (content: Content, context: With): { mail: MailText; parts: Part[] } => {
  const { texts } = context;
  if (content.type === "notice") return { mail: texts.notices[content.kind], parts: noticeParts(content, context) };
  if (content.type === "letter") return { mail: texts.letters[content.kind], parts: letterParts(content, context) };
  if (context.exists) return { mail: texts.letters["account-exists"], parts: [] };
  return {
    mail: texts.letters.code,
    parts: [{ lines: [codeLine(texts, content.code), texts.codeEnds(content.minutes)] }],
  };
};

const noticeParts = (content: Content & { type: "notice" }, { texts, at, consoleUrl }: With): Part[] => {
  const known = Object.entries(texts.facts).flatMap(([name, label]) => {
    const value = content.facts[name];
    return value === undefined || value === ""
      ? []
      : [`${label}: ${TIMES.has(name) ? utc(Number(value)) : plain(String(value))}`];
  });
  const lead = content.link?.page === "disown" ? texts.disown : texts.notMe;
  const link = consoleUrl !== undefined && content.link !== undefined && linkTo(consoleUrl, content.link);
  return [{ lines: [`${texts.when}: ${utc(at)}`, ...known] }, ...(link === false ? [] : [{ lines: [lead], link }])];
};

/** Facts that are epoch milliseconds. */
const TIMES: ReadonlySet<string> = new Set(["runsAt", "until"]);

const letterParts = ({ kind, secret }: Content & { type: "letter" }, { texts, consoleUrl }: With): Part[] => {
  if (kind === "recovery-code") return [{ lines: [codeLine(texts, secret)] }];
  return consoleUrl === undefined
    ? []
    : [{ lines: [texts.recover], link: linkTo(consoleUrl, { page: "recover", token: secret }) }];
};

const codeLine = (texts: Texts, code: string): string => `${texts.code}: ${code}`;

const linkTo = (consoleUrl: string, { page: to, token }: { page: string; token: string }): string =>
  `${consoleUrl.replace(/\/+$/, "")}/#/${to}/${token}`;

// A fact that is no time must not keep the mail from being sent.
const utc = (at: EpochMs): string =>
  Number.isNaN(new Date(at).getTime()) ? "?" : `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/**
 * A fact as a mail may show it. Facts come from browsers and attackers: one line, short, and nothing that a mail program
 * would turn into a link.
 */
const plain = (value: string): string =>
  Array.from(value.replaceAll(/[\p{C}\p{Z}]+/gu, " ").trim())
    .slice(0, 80)
    .join("")
    .replaceAll(/[<>"`\\]/g, "")
    .replaceAll(/:(?=\/)/g, "")
    .replaceAll(/\/{2,}/g, "/")
    .replaceAll(/\.(?=\p{L})/gu, ". ");

const page = (title: string, parts: readonly Part[]): string =>
  [
    `<!doctype html><html lang="${config.mail.language}"><head><meta charset="utf-8"><title>${escape(title)}</title></head><body>`,
    ...parts.map(({ lines, link }) => {
      const words = lines.map(escape).join("<br>");
      return `<p>${words}${link === undefined ? "" : `<br><a href="${escape(link)}">${escape(link)}</a>`}</p>`;
    }),
    "</body></html>",
  ].join("\n");

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (each) => `&#${String(each.codePointAt(0) ?? 0)};`);
