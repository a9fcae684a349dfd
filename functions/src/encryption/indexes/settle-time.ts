/**
 * How long, at most, an instance may go on with what it read of keys and roots, ms: its cache time, and beyond it the time
 * for which stale keys are used in an outage. Whatever must be known everywhere is not relied on sooner.
 */
export const settleTime = ({ cacheMs, staleMs }: { readonly cacheMs: number; readonly staleMs: number }): number =>
  cacheMs + Math.max(cacheMs, staleMs);
