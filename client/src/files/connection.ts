import { getToken, type AppCheck } from "firebase/app-check";
import { FirekeepError } from "../error.ts";
import type { Firekeep } from "../firekeep.ts";
import { withStepUp, type AskForProof } from "../step-up.ts";
import type { CallId, Input, Output } from "../send-call.ts";
import { noConnection, patiently, type Patience } from "./patience.ts";
import { defaultUploads, type UploadStore } from "./upload-store.ts";

/** What files are sent and fetched with. */
export interface FileOptions {
  readonly firekeep: Firekeep;
  /** Where Firekeep's HTTPS functions are: FIREKEEP_PUBLIC_URL, or `https://<region>-<project>.cloudfunctions.net`. */
  readonly baseUrl: string;
  /** Where App Check is enforced. */
  readonly appCheck?: AppCheck;
  /** Asks the person for a second factor when a call needs one. Without it such a call fails. */
  readonly ask?: AskForProof;
  /** Where uploads under way are remembered. Default: IndexedDB in browsers, else memory. */
  readonly uploads?: UploadStore;
  /** How long to go on when the network or the server fails. */
  readonly patience?: Patience;
}

/** A file's ticket: who may send or fetch it, for a quarter of an hour or so. `renew` asks for another. */
export interface Ticket {
  readonly current: () => string;
  readonly renew: () => Promise<void>;
}

export interface Connection {
  readonly uploads: UploadStore;
  readonly call: <Id extends CallId>(id: Id, input: Input<Id>) => Promise<Output<Id>>;
  /**
   * One HTTPS request under a ticket, again and again while the network or the server fails. Answers 2xx only.
   *
   * @throws FirekeepError the server's code, `client/transfer-interrupted`, `client/transfer-stopped`
   */
  readonly send: (ticket: Ticket, request: FileRequest) => Promise<Response>;
  /** Runs `attempt` again as `send` does. */
  readonly patiently: <Result>(attempt: () => Promise<Result>, signal: AbortSignal | undefined) => Promise<Result>;
}

export interface FileRequest {
  /** Function id and query, such as `encryption-file-upload?part=3`. */
  readonly path: string;
  readonly method: "GET" | "PUT" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal | undefined;
}

export const connect = (options: FileOptions): Connection => {
  const { firekeep, ask, uploads = defaultUploads(), patience = {} } = options;
  const again: Connection["patiently"] = (attempt, signal) => patiently(attempt, { ...patience, signal });
  return {
    uploads,
    patiently: again,
    call: (id, input) =>
      ask === undefined ? firekeep.call(id, input) : withStepUp((stepUp) => firekeep.call(id, input, { stepUp }), ask),
    send: (ticket, request) => {
      let renewed = false;
      return again(async () => {
        const response = await sendOnce(options, ticket, request);
        if (response.status !== 401 || renewed) return accepted(response);
        renewed = true; // tickets end, also in the middle of a long transfer
        await response.body?.cancel();
        await ticket.renew();
        return accepted(await sendOnce(options, ticket, request));
      }, request.signal);
    },
  };
};

const sendOnce = async (
  { baseUrl, appCheck }: FileOptions,
  ticket: Ticket,
  { path, method, headers, body, signal }: FileRequest,
): Promise<Response> => {
  const attestation = appCheck === undefined ? undefined : (await getToken(appCheck)).token;
  return fetch(`${baseUrl}/${path}`, {
    method,
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    headers: {
      ...headers,
      authorization: `Bearer ${ticket.current()}`,
      ...(attestation !== undefined && { "x-firebase-appcheck": attestation }),
    },
    ...(body !== undefined && { body }),
    ...(signal !== undefined && { signal }),
  }).catch(noConnection);
};

const accepted = async (response: Response): Promise<Response> => {
  if (response.ok) return response;
  const { error = {} } = (await response.json().catch(() => ({}))) as { error?: { code?: string; message?: string } };
  const details = { status: response.status, retryAfterMs: 1000 * Number(response.headers.get("retry-after") ?? 0) };
  throw new FirekeepError(error.code ?? "unknown", error.message ?? "The transfer failed.", details, undefined);
};
