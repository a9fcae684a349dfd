import { readVariable } from "../../config.js";
import { lazy } from "../../kernel/lazy.js";
import { firestore } from "../../platform/app.js";
import { log } from "../../platform/log.js";
import { mailer } from "../../platform/mailer.js";
import { firestoreContactStore } from "../addresses/contact-store.firestore.js";
import { deps, type IdentityDeps } from "../deps.js";
import type { DeliverDeps } from "./deliver-notice.js";
import { outboxDeps } from "./notify.js";
import type { LetterDeps } from "./send-letter.js";
import type { KeepDeps } from "./stage-notice.js";

export type NoticesDeps = IdentityDeps & KeepDeps & DeliverDeps & LetterDeps & { readonly firestore: typeof firestore };

/** Notices as deployed: one per instance. */
export const noticesDeps = lazy((): NoticesDeps => ({
  ...deps(),
  ...outboxDeps(),
  firestore,
  contacts: firestoreContactStore(firestore),
  mailer: () => mailer().current,
  consoleUrl: readVariable("FIREKEEP_CONSOLE_URL"),
  log,
}));
