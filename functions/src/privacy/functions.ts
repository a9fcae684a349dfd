import { pipeline } from "node:stream/promises";
import { onRequest, type HttpsOptions, type Request } from "firebase-functions/v2/https";
import { onTaskDispatched } from "firebase-functions/v2/tasks";
import { config } from "../config.js";
import { describeError, log } from "../platform/log.js";
import { secureCalls } from "../platform/secure-call.js";
import { TASK_SECONDS } from "../platform/tasks.js";
import { privacyApi } from "./api.js";
import type * as Deps from "./deps.js";
import { markTrouble } from "./mark-trouble.js";
import { downloadExport, readExportStatus } from "./read-export.js";
import { readReceipt } from "./read-receipt.js";
import { requestErasure } from "./request-erasure.js";
import { requestExport } from "./request-export.js";
import { runErasure } from "./run-erasure.js";
import { expireExport, runExport } from "./run-export.js";

// Stores, SDKs and neighbours load with the first call, not with the function.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system
const deps = () => (require("./deps.js") as typeof Deps).deps();

const calls = secureCalls("privacy", privacyApi, {
  "export-request": ({ uid }) => requestExport(deps(), uid),
  "export-status": ({ uid }, { request }) => readExportStatus(deps(), uid, request),
  "access-list": async ({ uid }, { limit, before }) => {
    const entries = await deps().listAccess(uid, { limit, ...(before !== undefined && { before }) });
    return {
      entries: entries.map(({ id, at, actor, collection, fields, purpose, legalBasis, action }) => ({
        id,
        at,
        actor,
        collection,
        fields: [...fields],
        purpose,
        legalBasis,
        action,
      })),
    };
  },
  "erasure-request": async ({ uid }) => {
    // Before anything is begun: without the address, the erased person could never read the receipt.
    const page = `${deps().publicUrl()}/privacy-receipt-read`;
    const { receipt } = await requestErasure(deps(), uid);
    return { receipt, receiptUrl: `${page}?id=${receipt}` };
  },
});

type Response = Parameters<Parameters<typeof onRequest>[0]>[1];

const worker = {
  region: config.functions.region,
  serviceAccount: "fn-privacy@",
  timeoutSeconds: TASK_SECONDS,
  retryConfig: { maxAttempts: config.privacy.attempts, minBackoffSeconds: 2, maxBackoffSeconds: 600 },
};

const page = { region: config.functions.region, serviceAccount: "fn-privacy@" };

/** Nothing of a person stays in a cache, and nothing is run or framed by a browser. */
const HEADERS = {
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
};

/** A public address: GET only, and an error tells the log, not the caller. */
const answer = (options: HttpsOptions, handle: (request: Request, response: Response) => Promise<void>) =>
  onRequest(options, async (request, response) => {
    response.set(HEADERS);
    if (request.method !== "GET") return void response.status(405).json({ status: 405 });
    try {
      await handle(request, response);
    } catch (error) {
      log("ERROR", "a public address failed", { ...describeError(error) });
      if (response.headersSent) response.destroy();
      else response.status(503).json({ status: 503 });
    }
  });

const exportGroup = {
  ...calls.export,
  run: onTaskDispatched(
    worker,
    async ({ data, retryCount }: { data: { job?: string; expire?: string }; retryCount: number }) => {
      const { job, expire } = data;
      if (expire !== undefined) await expireExport(deps(), expire);
      if (job !== undefined) await slice(job, retryCount, runExport);
    },
  ),
  download: answer({ ...page, cors: false }, async (request, response) => {
    const found = await downloadExport(deps(), request.query);
    if (found.status !== 200) return void response.status(found.status).json({ status: found.status });
    const disposition = `attachment; filename="${found.name}"`;
    response.set({ "content-type": "application/json; charset=utf-8", "content-disposition": disposition });
    await pipeline(found.content, response);
  }),
};

export const erasure = {
  ...calls.erasure,
  run: onTaskDispatched(worker, async ({ data, retryCount }: { data: { job: string }; retryCount: number }) => {
    await slice(data.job, retryCount, runErasure);
  }),
};

export const access = calls.access;

export const receipt = {
  read: answer({ ...page, cors: config.functions.cors }, async (request, response) => {
    const found = await readReceipt(deps(), request.query);
    response.status(found === undefined ? 404 : 200).json(found ?? { status: 404 });
  }),
};

/** Runs a slice; when it fails, says so on the request and lets the queue try again. */
const slice = async (
  job: string,
  retryCount: number,
  run: (all: ReturnType<typeof deps>, job: string) => Promise<void>,
): Promise<void> => {
  try {
    await run(deps(), job);
  } catch (error) {
    log("ERROR", "a slice of a request failed", { job, attempt: retryCount + 1, ...describeError(error) });
    await markTrouble(deps(), job, retryCount + 1);
    throw error;
  }
};

export { exportGroup as export };
