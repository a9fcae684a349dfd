import { config } from "../../config.js";
import { memoryPermitStore } from "../../platform/permit-store.js";
import { rateLimiter } from "../../platform/rate-limit.js";
import type { Mail, Mailer } from "../../platform/mail.js";
import { memoryContactStore } from "../addresses/contact-store.js";
import type { IdentityDeps } from "../deps.js";
import { identity } from "../identity.fixture.js";
import { openContent, type Content } from "../notices/content.js";
import { deliverNotice, type DeliverDeps } from "../notices/deliver-notice.js";
import { memoryOutboxStore } from "../notices/outbox-store.js";
import { memorySendLedger } from "./send-ledger.js";

export const CONSOLE = "https://security.example.com";

/** Keeps mails instead of sending them; `next` makes the following ones fail. */
export const memoryMailer = () => {
  const mails: Mail[] = [];
  const answers: ("accepted" | "refused" | Error)[] = [];
  const mailer: Mailer = {
    send: (mail) => {
      const answer = answers.shift() ?? "accepted";
      if (answer instanceof Error) return Promise.reject(answer);
      if (answer === "accepted") mails.push(mail);
      return Promise.resolve(answer);
    },
  };
  return { mailer, mails, next: (...outcomes: typeof answers) => void answers.push(...outcomes) };
};

/** Identity with mail on memory stores: what is queued waits until `deliver` is called. */
export const codeWorld = (over: Partial<IdentityDeps> = {}, mail: { mailer?: Mailer | undefined } = {}) => {
  const world = identity(over);
  const post = memoryMailer();
  const outbox = memoryOutboxStore();
  const contacts = memoryContactStore();
  const queued: string[] = [];
  const verified: string[] = [];
  const logged: { level: string; message: string; fields: object }[] = [];
  const deps = {
    ...world.deps,
    outbox,
    contacts,
    enqueue: async (id: string): Promise<void> => void queued.push(id),
    ledger: memorySendLedger(config.mailCodes),
    limiter: rateLimiter({ permits: memoryPermitStore(), clock: world.deps.clock }),
    verifyEmail: async (uid: string): Promise<void> => void verified.push(uid),
    mailer: () => ("mailer" in mail ? mail.mailer : post.mailer),
    consoleUrl: CONSOLE as string | undefined,
    log: ((level, message, fields = {}) => void logged.push({ level, message, fields })) as DeliverDeps["log"],
    whenDenied: [],
  };
  return {
    ...world,
    deps,
    outbox,
    contacts,
    queued,
    verified,
    logged,
    mails: post.mails,
    next: post.next,
    /** Delivers everything that was queued; answers how each ended. */
    deliver: async () => {
      const outcomes = [];
      for (const id of queued.splice(0)) outcomes.push(await deliverNotice(deps, id));
      return outcomes;
    },
    /** The code that would be mailed last, whether or not anybody gets it. */
    lastCode: async (): Promise<string> => {
      const code = (await contentsOf(deps, [...outbox.items.values()])).findLast((each) => each.type === "code");
      if (code?.type !== "code") throw new Error("no code was sent");
      return code.code;
    },
  };
};

const contentsOf = async (
  deps: Pick<IdentityDeps, "encryption">,
  items: readonly { id: string; uid?: string; content?: Uint8Array }[],
): Promise<Content[]> => {
  const kept = items.flatMap((item) => (item.content === undefined ? [] : [{ item, token: item.content }]));
  return Promise.all(kept.map(({ item, token }) => openContent(deps, item, token)));
};

/** The code in a mail, as a person reads it there. */
export const codeIn = (mail: Mail | undefined): string => /\b\d{8}\b/.exec(mail?.text ?? "")?.[0] ?? "";

/** The token of the link in a mail. */
export const tokenIn = (mail: Mail | undefined): string => /#\/[a-z-]+\/([\w-]{43})/.exec(mail?.text ?? "")?.[1] ?? "";
