import { createHash } from "node:crypto";

/** Whether a password is in a breach: `unknown` when the service did not say in time. Sign-up then goes on, and says so. */
export type BreachVerdict = "found" | "clean" | "unknown" | "off";

export interface BreachService {
  /** `GET <baseUrl>/<5 hex digits>` answers lines of `<35 hex digits>:<count>`. Undefined: nobody is asked. */
  readonly baseUrl: string | undefined;
  readonly timeoutMs: number;
  /** Bytes of an answer that are read. */
  readonly maxBytes: number;
}

/**
 * Asks a k-anonymity range service: it sees the first 20 bits of the password's SHA-1 (some thousand passwords share them),
 * never the password. Answers are padded so that their length tells nothing either; padding has count 0. Never throws.
 */
export const findBreach = async (service: BreachService, password: string): Promise<BreachVerdict> => {
  if (service.baseUrl === undefined) return "off";
  const hash = createHash("sha1").update(password, "utf8").digest("hex").toUpperCase();
  try {
    const lines = await fetchRange(service, service.baseUrl, hash.slice(0, 5));
    return lines.includes(hash.slice(5)) ? "found" : "clean";
  } catch {
    return "unknown";
  }
};

/** Suffixes that were really seen. @throws on anything but a whole, well-formed answer in time */
const fetchRange = async (service: BreachService, baseUrl: string, prefix: string): Promise<string[]> => {
  const response = await fetch(`${baseUrl}/${prefix}`, {
    headers: { "add-padding": "true" },
    redirect: "error",
    signal: AbortSignal.timeout(service.timeoutMs), // until the last byte, not the first
  });
  if (!response.ok || response.body === null) throw new Error(`the range service answered ${String(response.status)}`);
  const rows = (await readUpTo(response.body, service.maxBytes)).trim().split(/\r?\n/);
  return rows.flatMap((row) => {
    const [, suffix = "", count = ""] = /^([0-9A-F]{35}):(\d{1,12})$/i.exec(row) ?? [];
    if (suffix === "") throw new Error("the range service answered something else");
    return Number(count) === 0 ? [] : [suffix.toUpperCase()];
  });
};

const readUpTo = async (body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new Error("the range service answered too much");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("latin1");
};
