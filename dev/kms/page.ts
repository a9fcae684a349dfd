import { kmsError } from "./errors.ts";

const LARGEST_PAGE = 1000;
const DEFAULT_PAGE = 100;

export interface PageRequest {
  pageSize?: number | null;
  pageToken?: string | null;
  filter?: string | null;
  orderBy?: string | null;
}

export interface Page<Item> {
  readonly items: Item[];
  readonly nextPageToken: string;
  readonly totalSize: number;
}

/** One page of `all`; the token is the position. @throws INVALID_ARGUMENT, UNIMPLEMENTED for filter and order */
export const pageOf = <Item>(all: readonly Item[], request: PageRequest): Page<Item> => {
  if (request.filter) throw kmsError("not-implemented", "filter");
  if (request.orderBy) throw kmsError("not-implemented", "order_by");
  const size = request.pageSize ?? 0;
  const start = Number(request.pageToken ?? "");
  if (size < 0) throw kmsError("field-invalid", "page_size");
  if (!Number.isSafeInteger(start) || start < 0 || start > all.length) throw kmsError("field-invalid", "page_token");
  const end = start + Math.min(size || DEFAULT_PAGE, LARGEST_PAGE);
  return { items: all.slice(start, end), nextPageToken: end < all.length ? String(end) : "", totalSize: all.length };
};

/** The order of lists of rings and keys, as Google's contract tests want it. */
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;
