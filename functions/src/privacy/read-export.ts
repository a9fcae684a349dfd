import type { Readable } from "node:stream";
import { config } from "../config.js";
import type { SecurityEvent } from "../kernel/event.js";
import type { Clock } from "../kernel/time.js";
import { privacyError } from "./errors.js";
import { privacyEvent } from "./events.js";
import { isSigned, signLink, type KeyedHash } from "./export-link.js";
import type { Files } from "./files.js";
import type { JobStore } from "./job.js";

export interface ReadExportDeps {
  readonly jobs: Pick<JobStore, "request">;
  readonly files: Pick<Files, "read">;
  readonly keyedHash: KeyedHash;
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly clock: Clock;
  readonly publicUrl: () => string;
}

export interface ExportStatus {
  readonly status: "running" | "retrying" | "failed" | "done" | "expired";
  /** A link that works without signing in, for `config.privacy.exportLinkMs`. */
  readonly url?: string;
  readonly linkExpiresAt?: number;
  readonly expiresAt?: number;
}

/** Where the person's own export stands; a new link each time when it is done. @throws privacy/request-unknown */
export const readExportStatus = async (deps: ReadExportDeps, uid: string, requestId: string): Promise<ExportStatus> => {
  const request = await deps.jobs.request(requestId);
  if (request?.uid !== uid || request.kind !== "export") throw privacyError("request-unknown");
  const { status, object, expiresAt } = request;
  if (status !== "done" || object === undefined || expiresAt === undefined) return { status };
  const now = deps.clock();
  if (now >= expiresAt) return { status: "expired" };
  const linkExpiresAt = Math.min(now + config.privacy.exportLinkMs, expiresAt);
  const query = await signLink(deps.keyedHash, { request: requestId, object, expires: linkExpiresAt });
  return { status, url: `${deps.publicUrl()}/privacy-export-download?${query}`, linkExpiresAt, expiresAt };
};

export type Download =
  { readonly status: 403 | 410 } | { readonly status: 200; readonly content: Readable; readonly name: string };

/** Answers a download link. What is wrong with a wrong one is nobody's business. */
export const downloadExport = async (
  deps: ReadExportDeps,
  query: Readonly<Record<string, unknown>>,
): Promise<Download> => {
  const { request: id, expires: until, signature } = query;
  if (typeof id !== "string" || typeof until !== "string" || typeof signature !== "string") return { status: 403 };
  if (!/^[\w-]{22}$/.test(id) || !/^\d{13}$/.test(until)) return { status: 403 };
  const request = await deps.jobs.request(id);
  if (request?.object === undefined || request.kind !== "export") return { status: 403 };
  const expires = Number(until);
  if (!(await isSigned(deps.keyedHash, { request: id, object: request.object, expires }, signature)))
    return { status: 403 };
  if (deps.clock() >= expires) return { status: 410 };
  const content = await deps.files.read(request.object);
  if (content === undefined) return { status: 410 };
  // Disclosure: without a record there is no download.
  await deps.record({
    type: privacyEvent["export-downloaded"],
    outcome: "success",
    subject: request.uid,
    detail: { collection: "exports" },
  });
  return { status: 200, content, name: `my-data-${new Date(request.at).toISOString().slice(0, 10)}.json` };
};
