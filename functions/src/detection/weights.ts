/**
 * The scale of the risk score, in log-odds. `stepUpAt` 0.5 is 0 and `blockAt` 0.98 is 3.89 on it: one new thing is allowed;
 * two, up to everything new and too far away, ask for a second factor; the same after guessed passwords is refused.
 */
export const WEIGHTS = {
  /** Where a sign-in starts that nothing is known of: 5 %. Placed for the thresholds, not the true rate of attacks. */
  baseRate: -3,
  country: { smoothing: 0.3, most: 2.6, least: -1.2 },
  /** Within a known country. People change networks more often than countries. */
  network: { smoothing: 1, most: 2.4, least: -1, inNewCountry: 0.15 },
  /** The client's own word: weak when it speaks for the person. */
  device: { smoothing: 0.3, most: 2.2, least: -1 },
  travel: { slackKm: 1_000, fromKmh: 1_000, first: 0.7, most: 1.4 },
  /** Slow to learn and weak: people sit up late. */
  hour: { smoothing: 24, least: -0.3, most: 0.25 },
  hosting: 0.8,
  /** One or two mistyped passwords are usual. */
  accountFailures: { allowed: 2, slope: 1.2, most: 2.5 },
  /** Many people can share a network. */
  networkFailures: { allowed: 5, slope: 0.8, most: 2 },
} as const;
