import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(import.meta.dirname, "../../functions/lib/index.js"));
const { Firestore } = require("@google-cloud/firestore") as { Firestore: { prototype: Client } };

/** What every read and write of the client library goes through. */
interface Client {
  request: (method: string, request: Sent, ...rest: unknown[]) => unknown;
  requestStream: (method: string, bidirectional: boolean, request: Sent, ...rest: unknown[]) => unknown;
}

interface Sent {
  readonly documents?: readonly string[];
  readonly writes?: readonly { readonly update?: { readonly name: string }; readonly delete?: string }[];
  readonly structuredQuery?: { readonly from?: readonly { readonly collectionId: string }[] };
}

export interface Operations {
  readonly reads: number;
  readonly writes: number;
  /** Of the rate limiter and of the audit log. */
  readonly beside: number;
}

const BESIDE = /^(secLimits|audit\w+|accessLog)$/;

/** Reads and writes while `work` runs: documents asked for, queries as one read, documents written. */
export const countCalls = async (work: () => Promise<unknown>): Promise<Operations> => {
  const seen: { kind: "reads" | "writes"; collection: string }[] = [];
  const note = (kind: "reads" | "writes", path: string): void => {
    seen.push({ kind, collection: /\/documents\/([^/]+)/.exec(path)?.[1] ?? path });
  };
  const { prototype } = Firestore;
  const { request, requestStream } = prototype;
  prototype.request = function (this: Client, method, sent, ...rest) {
    for (const { update, delete: gone } of sent.writes ?? []) note("writes", update?.name ?? gone ?? "");
    return request.call(this, method, sent, ...rest);
  };
  prototype.requestStream = function (this: Client, method, bidirectional, sent, ...rest) {
    for (const name of sent.documents ?? []) note("reads", name);
    for (const { collectionId } of sent.structuredQuery?.from ?? []) note("reads", collectionId);
    return requestStream.call(this, method, bidirectional, sent, ...rest);
  };
  try {
    await work();
  } finally {
    Object.assign(prototype, { request, requestStream });
  }
  const ours = seen.filter(({ collection }) => !BESIDE.test(collection));
  const count = (kind: string): number => ours.filter((each) => each.kind === kind).length;
  return { reads: count("reads"), writes: count("writes"), beside: seen.length - ours.length };
};
