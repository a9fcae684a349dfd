import { createHash } from "node:crypto";
import type { Notice, NoticeKind } from "./notice.js";

/** Purpose of the challenge behind "this was not me", and of what is left of it afterwards. */
export const DENY = "notice.deny";
export const DENIED = "notice.denied";

/** The challenge's id: whoever reads the database learns no token. */
export const denialId = (token: string): string => createHash("sha256").update(token).digest("base64url");

/** Where it is kept that the button was pressed: never in the challenge's own place, where a slow second press would take it. */
export const doneId = (token: string): string => denialId(`done:${token}`);

/** Whether the mail offers "this was not me": it is about a session, or somebody changed what opens the account. */
export const hasDenial = ({ sid, kind }: Notice): boolean => sid !== undefined || endsAll(kind);

/** Whoever did this may have made more sessions than the one it was done in: all of them end. */
export const endsAll = (kind: NoticeKind): boolean => OPENS_THE_ACCOUNT.has(kind);

const OPENS_THE_ACCOUNT: ReadonlySet<NoticeKind> = new Set([
  "factor-added",
  "factor-removed",
  "codes-regenerated",
  "recovery-started",
  "recovery-used",
  "reset-requested",
  "password-changed",
  "email-changed",
  "address-added",
  "address-removed",
  "device-trusted",
]);
