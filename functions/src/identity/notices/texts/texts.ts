import type { LetterKind } from "../content.js";
import type { NoticeKind } from "../notice.js";
import { en } from "./en.js";

/** What one kind of mail says. Sentences are fixed: only facts, links and codes are put in, each in a line of its own. */
export interface MailText {
  readonly subject: string;
  /** What happened. */
  readonly says: readonly string[];
  /** What to do. */
  readonly todo: readonly string[];
}

/** One language. Complete, or it does not compile. */
export interface Texts {
  readonly notices: Readonly<Record<NoticeKind, MailText>>;
  readonly letters: Readonly<Record<LetterKind | "code" | "account-exists", MailText>>;
  /** What stands before each fact; one that is not listed is left out of the mail. */
  readonly facts: Readonly<Record<string, string>>;
  readonly when: string;
  /** Leads in the link "this was not me". */
  readonly notMe: string;
  /** Leads in the link that stops a recovery. */
  readonly disown: string;
  readonly recover: string;
  readonly code: string;
  readonly codeEnds: (minutes: number) => string;
  readonly footer: string;
}

const LANGUAGES = { en } as const satisfies Record<string, Texts>;

export const textsOf = (language: keyof typeof LANGUAGES): Texts => LANGUAGES[language];
