import { AsyncLocalStorage } from "node:async_hooks";

/** From where a person calls: the address that the network would report, and the browser. */
export interface Whereabouts {
  readonly ip: string;
  readonly userAgent: string;
}

const current = new AsyncLocalStorage<Whereabouts>();

/** Runs `action` as if it came from there. The Functions emulator takes X-Forwarded-For for the caller's address. */
export const callingFrom = <Result>(place: Whereabouts, action: () => Promise<Result>): Promise<Result> =>
  current.run(place, action);

/** Makes this process's `fetch` carry the whereabouts. Once, before the first Firebase app. */
export const installWhereabouts = (): void => {
  const plainFetch = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const place = current.getStore();
    if (place === undefined) return plainFetch(input, init);
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set("x-forwarded-for", place.ip);
    headers.set("user-agent", place.userAgent);
    return plainFetch(input, { ...init, headers });
  };
};
