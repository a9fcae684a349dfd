import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { onRequest, type HttpsOptions, type Request } from "firebase-functions/v2/https";
import { onSchedule } from "firebase-functions/v2/scheduler";
import { config } from "../../config.js";
import { MINUTE } from "../../kernel/time.js";
import { clientAddress } from "../../platform/client-address.js";
import { describeError, log } from "../../platform/log.js";
import type * as Deps from "./deps.js";
import type { FileAnswer } from "./file-answer.js";
import type * as Answers from "./file-answer.js";
import type { FileRequest } from "./hold-ticket.js";
import type * as Download from "./serve-download.js";
import type * as Upload from "./serve-upload.js";
import type * as Sweep from "./sweep-files.js";

/* eslint-disable @typescript-eslint/no-require-imports -- code loads with the first request, and stays in one module system */
const deps = () => (require("./deps.js") as typeof Deps).filesDeps();
const serveUpload = () => (require("./serve-upload.js") as typeof Upload).serveUpload;
const serveDownload = () => (require("./serve-download.js") as typeof Download).serveDownload;
const sweepFiles = () => (require("./sweep-files.js") as typeof Sweep).sweepFiles;
const refuse = () => (require("./file-answer.js") as typeof Answers).refuse;
/* eslint-enable @typescript-eslint/no-require-imports */

const where = { region: config.functions.region, serviceAccount: "fn-encryption@" };

// Each request holds one part, or two segments: so many fit beside the code, and a large file must have its time.
const options: HttpsOptions = {
  ...where,
  ingressSettings: config.functions.ingress,
  cors: config.functions.cors,
  memory: "512MiB",
  concurrency: 16,
  timeoutSeconds: 540,
};

type Response = Parameters<Parameters<typeof onRequest>[0]>[1];

const serve = (call: string, answer: (request: Request) => Promise<FileAnswer>) =>
  onRequest(options, async (request, response) => {
    const { status, headers, body } = await answer(request).catch((error: unknown) => refuse()(call, error));
    response.status(status).set(headers);
    if (body === undefined) response.end();
    else if (Symbol.asyncIterator in body) await send(call, body, response);
    else response.json(body);
  });

/** What breaks in the middle cannot be said any more: the connection breaks too, and the answer is too short. */
const send = async (call: string, content: AsyncIterable<Uint8Array>, response: Response): Promise<void> => {
  try {
    await pipeline(Readable.from(content), response);
  } catch (error) {
    log("ERROR", "a file was not sent to its end", { call, ...describeError(error) });
    response.destroy();
  }
};

const requestOf = ({ method, query, headers, ip }: Request): FileRequest => ({
  method,
  query,
  headers,
  ip: clientAddress(String(headers["x-forwarded-for"] ?? ""), ip, config.functions.trustedProxies),
});

/** `encryption-file-upload`: parts of a file, by ticket. */
export const upload = serve("encryption-file-upload", (request) =>
  serveUpload()(deps(), { ...requestOf(request), body: bodyOf(request) }),
);

/** `encryption-file-download`: a file or a range of it, by ticket. */
export const download = serve("encryption-file-download", (request) => serveDownload()(deps(), requestOf(request)));

/** `encryption-file-sweep`: unfinished uploads, and files whose time is over. */
export const sweep = onSchedule({ schedule: "every 60 minutes", ...where, timeoutSeconds: 540 }, async () => {
  const all = deps();
  await sweepFiles()(all, all.clock() + 5 * MINUTE);
});

// Absent where the request had none.
const bodyOf = ({ rawBody }: { rawBody?: Uint8Array }): Uint8Array => rawBody ?? new Uint8Array(0);
