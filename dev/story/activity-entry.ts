import { randomBytes } from "node:crypto";

/** What the entry is about. */
export interface SignInAttempt {
  readonly project: string;
  readonly email: string;
  readonly ip: string;
  readonly userAgent?: string;
  /** Epoch milliseconds; now when absent. */
  readonly at?: number;
  /** `google.rpc.Status` message of the refusal, a wrong password when absent; `OK` for a sign-in that succeeded. */
  readonly outcome?:
    "INVALID_LOGIN_CREDENTIALS" | "INVALID_PASSWORD" | "EMAIL_NOT_FOUND" | "TOO_MANY_ATTEMPTS_TRY_LATER" | "OK";
  readonly insertId?: string;
}

/**
 * One password sign-in as Identity Platform's user activity log has it and a log sink puts it on Pub/Sub: a Cloud Logging
 * `LogEntry` whose payload is a `google.cloud.identitytoolkit.logging.RequestLog`. The request has no password: the log
 * leaves secrets out.
 */
export const activityEntry = ({
  project,
  email,
  ip,
  at = Date.now(),
  ...attempt
}: SignInAttempt): Record<string, unknown> => {
  const outcome = attempt.outcome ?? "INVALID_LOGIN_CREDENTIALS";
  const timestamp = new Date(at).toISOString();
  return {
    insertId: attempt.insertId ?? randomBytes(9).toString("base64url").toLowerCase(),
    jsonPayload: {
      "@type": "type.googleapis.com/google.cloud.identitytoolkit.logging.RequestLog",
      methodName: "google.cloud.identitytoolkit.v1.AuthenticationService.SignInWithPassword",
      ...(outcome !== "OK" && { status: { code: 3, message: outcome } }),
      requestMetadata: {
        callerIp: ip,
        callerSuppliedUserAgent: attempt.userAgent ?? "Mozilla/5.0 (X11; Linux x86_64)",
      },
      request: {
        "@type": "type.googleapis.com/google.cloud.identitytoolkit.v1.SignInWithPasswordRequest",
        email,
        returnSecureToken: true,
        clientType: "CLIENT_TYPE_WEB",
      },
    },
    resource: { type: "identitytoolkit_project", labels: { project_id: project } },
    timestamp,
    severity: outcome === "OK" ? "INFO" : "ERROR",
    logName: `projects/${project}/logs/identitytoolkit.googleapis.com%2Frequests`,
    receiveTimestamp: timestamp,
  };
};
