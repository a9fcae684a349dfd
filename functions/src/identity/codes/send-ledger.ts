import type { EpochMs } from "../../kernel/time.js";

/** The document `secCodes/{key}`: the codes that one person was sent for one purpose from one place. The key is a keyed hash. */
export interface Sends {
  /** Id of the challenge of the last code: the only one that is good. */
  readonly current: string;
  /** Within the last hour, the oldest first. */
  readonly sentAt: readonly EpochMs[];
}

export interface SendLimits {
  readonly perHour: number;
  readonly firstPauseMs: number;
}

export type TakenSend =
  | { readonly ok: true; /** The challenge whose code dies now. */ readonly previous?: string }
  | { readonly ok: false; readonly retryAfterMs: number };

/** Sends, in verbs that are atomic each. */
export interface SendLedger {
  /** Counts a send before anything is sent, and makes its challenge the one that is good. */
  take(key: string, challenge: string, now: EpochMs): Promise<TakenSend>;
}

/** Pauses double with every send of the last hour: 30 s, 1, 2, 4 minutes, then until the hour is over. OWASP ASVS 6.6.3. */
export const takeSend = (
  sends: Sends | undefined,
  { challenge, now }: { challenge: string; now: EpochMs },
  { perHour, firstPauseMs }: SendLimits,
): { answer: TakenSend; next?: Sends } => {
  const recent = (sends?.sentAt ?? []).filter((at) => now - at < HOUR_MS);
  const last = recent.at(-1);
  const freeAt =
    last === undefined ? now
    : recent.length >= perHour ? (recent[0] ?? now) + HOUR_MS
    : last + firstPauseMs * 2 ** (recent.length - 1); // prettier-ignore
  if (now < freeAt) return { answer: { ok: false, retryAfterMs: freeAt - now } };
  return {
    next: { current: challenge, sentAt: [...recent, now] },
    answer: { ok: true, ...(sends !== undefined && { previous: sends.current }) },
  };
};

const HOUR_MS = 3_600_000;

export const memorySendLedger = (limits: SendLimits): SendLedger => {
  const ledgers = new Map<string, Sends>();
  return {
    take: (key, challenge, now) => {
      const { answer, next } = takeSend(ledgers.get(key), { challenge, now }, limits);
      if (next !== undefined) ledgers.set(key, next);
      return Promise.resolve(answer);
    },
  };
};
