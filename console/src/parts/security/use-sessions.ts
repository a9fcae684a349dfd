import { collection, query, where } from "firebase/firestore";
import type { Backend } from "../../backend.ts";
import { openFirestore } from "../../firestore.ts";
import { useLive } from "../../live.ts";

/** A sign-in, as its owner may read it. Times are epoch milliseconds. */
export interface Session {
  readonly sid: string;
  readonly aal: number;
  readonly amr: readonly string[];
  readonly startedAt: number;
  readonly lastSeenAt: number;
  readonly idleExpiresAt: number;
  readonly absoluteExpiresAt: number;
  readonly device: { readonly name: string; readonly browser: string; readonly os: string };
  readonly country: string;
  readonly networkPrefix: string;
  readonly riskReasons: readonly string[];
  readonly trustedDevice?: boolean;
  readonly revokedAt?: number;
}

/** The account's sign-ins, live from Firestore, the latest first: one that ends elsewhere changes here. */
export const useSessions = (backend: Backend, uid: string): readonly Session[] => {
  const own = query(collection(openFirestore(backend), "secSessions"), where("uid", "==", uid));
  const { rows } = useLive<Session>(own, uid);
  return [...rows].sort((a, b) => b.lastSeenAt - a.lastSeenAt);
};

export const isLive = (session: Session, now = Date.now()): boolean =>
  session.revokedAt === undefined && Math.min(session.idleExpiresAt, session.absoluteExpiresAt) > now;
