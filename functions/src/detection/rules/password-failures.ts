/**
 * A password was wrong: as Firebase's activity log tells it, and as the password proxy tells it. One failure is never both, since
 * the log's entries about the proxy's own requests are passed over (../proxied.ts).
 */
export const PASSWORD_FAILURES = ["detection.sign-in-failed", "identity.password-rejected"] as const;
