/**
 * One entry of Identity Platform's user activity log as a log sink puts it on Pub/Sub: a Cloud Logging `LogEntry` in JSON
 * whose payload is a `google.cloud.identitytoolkit.logging.RequestLog`. Only what is read here is named.
 * https://cloud.google.com/identity-platform/docs/how-to-activity-logging
 */
export interface ActivityEntry {
  /** Unique within the log and its timestamp: what makes ingestion idempotent. */
  readonly insertId: string;
  readonly timestamp: string;
  readonly methodName: string;
  readonly tenant?: string;
  readonly email?: string;
  readonly callerIp?: string;
  readonly userAgent?: string;
  /** `google.rpc.Status`; code 0 or absent is success. */
  readonly status: { readonly code: number; readonly message: string };
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the entry, or answers undefined for anything else. The payload is `jsonPayload` in the entries that were seen;
 * Google's page names `protoPayload`, which is read too.
 */
export const readActivityEntry = (message: unknown): ActivityEntry | undefined => {
  const entry = object(message);
  const payload = object(entry["jsonPayload"] ?? entry["protoPayload"]);
  const [insertId, methodName] = [string(entry["insertId"]), string(payload["methodName"])];
  if (insertId === undefined || methodName === undefined) return undefined;
  const [request, metadata, status] = [
    object(payload["request"]),
    object(payload["requestMetadata"]),
    object(payload["status"]),
  ];
  return {
    insertId,
    methodName,
    timestamp: string(entry["timestamp"]) ?? "",
    ...optional("tenant", request["tenantId"]),
    ...optional("email", request["email"]),
    ...optional("callerIp", metadata["callerIp"]),
    ...optional("userAgent", metadata["callerSuppliedUserAgent"]),
    status: { code: typeof status["code"] === "number" ? status["code"] : 0, message: string(status["message"]) ?? "" },
  };
};

const object = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});

const string = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value.slice(0, 500) : undefined;

const optional = <Key extends string>(key: Key, value: unknown): Partial<Record<Key, string>> => {
  const text = string(value);
  return text === undefined ? {} : ({ [key]: text } as Record<Key, string>);
};
