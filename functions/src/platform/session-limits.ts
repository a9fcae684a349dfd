import { config } from "../config.js";

export interface SessionLimits {
  /** Without a call for this long, a session ends. */
  readonly idleMs: number;
  /** However busy, a session ends after this. */
  readonly absoluteMs: number;
}

/** How long a session with these roles lasts: the strictest of all its roles' limits and of those for everybody. */
export const sessionLimits = (roles: readonly string[]): SessionLimits => {
  const limits = roles.flatMap((role) => (Object.hasOwn(BY_ROLE, role) ? (BY_ROLE[role] ?? []) : []));
  return {
    idleMs: Math.min(config.session.idleMs, ...limits.map(({ idleMs }) => idleMs)),
    absoluteMs: Math.min(config.session.absoluteMs, ...limits.map(({ absoluteMs }) => absoluteMs)),
  };
};

const BY_ROLE: Readonly<Record<string, SessionLimits>> = config.session.roles;
