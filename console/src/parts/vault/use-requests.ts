import { useEffect, useState } from "preact/hooks";
import type { Output } from "../../../../client/src/index.ts";
import type { Backend } from "../../backend.ts";
import { sentence } from "../../words.ts";

type Page = Output<"encryption-vault-list">;
export type VaultRequest = Page["requests"][number];

export interface Vault {
  readonly requests: readonly VaultRequest[] | undefined;
  readonly problem: string | undefined;
  readonly more: (() => Promise<void>) | undefined;
  readonly refresh: () => Promise<void>;
}

/** Requests, newest first. Never a value: those are shown by whoever opens them, and kept nowhere. */
export const useRequests = ({ firekeep }: Backend): Vault => {
  const [page, setPage] = useState<Page>();
  const [problem, setProblem] = useState<string>();
  const read = async (before?: number) => {
    try {
      const next = await firekeep.call("encryption-vault-list", before === undefined ? {} : { before });
      setPage((seen) =>
        before === undefined || seen === undefined ? next : { ...next, requests: [...seen.requests, ...next.requests] },
      );
      setProblem(undefined);
    } catch (error) {
      setProblem(sentence(error));
    }
  };
  useEffect(() => void read(), []);
  const next = page?.next ?? undefined;
  return {
    requests: page?.requests,
    problem,
    more: next === undefined ? undefined : () => read(next),
    refresh: () => read(),
  };
};
