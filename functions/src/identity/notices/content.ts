import type { IdentityDeps } from "../deps.js";
import type { NoticeKind } from "./notice.js";

/** What a mail says and to whom, as long as it is on its way. Kept sealed: it holds addresses, codes and tokens. */
export type Content =
  | {
      readonly type: "notice";
      readonly kind: NoticeKind;
      readonly facts: Readonly<Record<string, string | number>>;
      readonly alsoTo: readonly string[];
      readonly link?: { readonly page: "not-me" | "disown"; readonly token: string };
    }
  | {
      readonly type: "code";
      readonly code: string;
      readonly to: string;
      readonly challenge: string;
      readonly when: CodeWhen;
      readonly minutes: number;
    }
  | {
      readonly type: "letter";
      readonly kind: LetterKind;
      readonly to: readonly string[];
      readonly secret: string;
    };

/** `account`: only to an address that an account has and has confirmed. `no-account`: only to one that none has. */
export type CodeWhen = "always" | "account" | "no-account";

export type LetterKind = "recovery-link" | "recovery-code";

/** Where a mail's content is sealed to: the account, or, while none is known, Firekeep itself. */
interface Place {
  readonly id: string;
  readonly uid?: string;
}

export const sealContent = (
  { encryption }: Pick<IdentityDeps, "encryption">,
  place: Place,
  content: Content,
): Promise<Uint8Array> =>
  encryption.sealSecret({ ...placeOf(place), secret: Buffer.from(JSON.stringify(content), "utf8") });

export const openContent = async (
  { encryption }: Pick<IdentityDeps, "encryption">,
  place: Place,
  token: Uint8Array,
): Promise<Content> => {
  const secret = await encryption.openSecret({ ...placeOf(place), token });
  return JSON.parse(Buffer.from(secret).toString("utf8")) as Content;
};

const placeOf = ({ id, uid }: Place) => ({ label: `identity.notice/${id}`, subject: uid ?? "system:mail" });
