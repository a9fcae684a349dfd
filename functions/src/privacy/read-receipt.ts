import type { JobStore, Receipt } from "./job.js";

/** The state of an erasure for whoever knows its unguessable id; the signed receipt once it is done. */
export const readReceipt = async (
  { jobs }: { readonly jobs: Pick<JobStore, "receipt"> },
  query: Readonly<Record<string, unknown>>,
): Promise<{ status: Receipt["status"]; receipt?: object } | undefined> => {
  const id = query["id"];
  if (typeof id !== "string" || !/^[\w-]{22}$/.test(id)) return undefined;
  const found = await jobs.receipt(id);
  if (found === undefined) return undefined;
  return { status: found.status, ...(found.signed !== undefined && { receipt: found.signed }) };
};
