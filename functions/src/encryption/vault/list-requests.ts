import type { EpochMs } from "../../kernel/time.js";
import type { VaultDeps } from "./deps.js";
import { mayKnow, stateOf, type VaultRequest } from "./vault-request.js";

const PAGE = 100;

/** Requests, newest first, without any value; none about the caller. */
export const listRequests = async (
  { requests, clock }: Pick<VaultDeps, "requests" | "clock">,
  officer: { readonly uid: string },
  { before }: { before?: EpochMs | undefined },
) => {
  const found = await requests.list({ limit: PAGE, ...(before !== undefined && { before }) });
  const now = clock();
  const rows = found.filter((request) => mayKnow(request, officer.uid)).map((request) => rowOf(request, now));
  return { requests: rows, next: found.length < PAGE ? null : (found.at(-1)?.requestedAt ?? null) };
};

const rowOf = (request: VaultRequest, now: EpochMs) => ({
  id: request.id,
  uid: request.uid ?? null,
  collection: request.collection,
  path: request.path ?? null,
  fields: [...request.fields],
  purpose: request.purpose,
  legalBasis: request.legalBasis,
  reason: request.reason ?? null,
  silent: request.silent ?? null,
  state: stateOf(request, now),
  requestedBy: request.requestedBy,
  requestedAt: request.requestedAt,
  expiresAt: request.expiresAt,
  decidedBy: request.decidedBy ?? null,
  decidedAt: request.decidedAt ?? null,
  opensUntil: request.opensUntil ?? null,
  openedAt: request.openedAt ?? null,
});
