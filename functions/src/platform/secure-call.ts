import { onCall, type CallableFunction, type CallableRequest } from "firebase-functions/v2/https";
import type { z } from "zod";
import { config } from "../config.js";
import { systemClock } from "../kernel/time.js";
import type { Api, Policy } from "./api.js";
import { defaultGate } from "./default-gate.js";
import { authorize, type Caller, type Visitor } from "./gate.js";
import { settle } from "./settle.js";

export type { Caller, Visitor } from "./gate.js";

type Handler<Row> =
  Row extends Policy<infer Input, infer Output>
    ? (
        caller: Row extends { readonly session: "public" } ? Visitor : Caller,
        input: z.output<Input>,
      ) => Promise<z.input<Output>>
    : never;
export type Handlers<Rows extends Api> = { readonly [Key in keyof Rows]: Handler<Rows[Key]> };
type Noun<Key> = Key extends `${infer N}-${string}` ? N : never;
type Verbs<Rows extends Api, N extends string> = {
  readonly [Key in keyof Rows as Key extends `${N}-${infer Verb}` ? Verb : never]: CallableFunction<unknown, unknown>;
};
export type Groups<Rows extends Api> = { readonly [N in Noun<keyof Rows>]: Verbs<Rows, N> };

/**
 * Makes a domain's callables from its table: every row gets its gate, and a row without a handler does not compile.
 * Returns nested groups, so that `exports.identity.totp.verify` deploys as `identity-totp-verify`.
 */
export const secureCalls = <Rows extends Api>(domain: string, api: Rows, handlers: Handlers<Rows>): Groups<Rows> => {
  const groups: Record<string, Record<string, CallableFunction<unknown, unknown>>> = {};
  const handlerOf = handlers as Readonly<Record<string, Handler<Policy>>>;
  for (const [key, policy] of Object.entries<Policy>(api)) {
    const [noun = "", verb = ""] = key.split("-");
    const handle = handlerOf[key];
    if (handle === undefined) throw new TypeError(`${domain}-${key} has no handler`);
    groups[noun] = { ...groups[noun], [verb]: secureCall(`${domain}-${key}`, policy, handle) };
  }
  return groups as Groups<Rows>;
};

/** Handlers whose code loads with the first call. */
export const lazily = <Rows extends Api>(api: Rows, load: () => Handlers<Rows>): Handlers<Rows> => {
  const handlers = Object.keys(api).map((key) => {
    const handle = (caller: Caller, input: unknown) =>
      (load() as Readonly<Record<string, Handler<Policy>>>)[key]?.(caller, input);
    return [key, handle];
  });
  return Object.fromEntries(handlers) as Handlers<Rows>;
};

/** The one gate: App Check, sign-in, live session, role, assurance, rate, input; then the use case; then output and errors. */
const secureCall = (id: string, policy: Policy, handle: Handler<Policy>): CallableFunction<unknown, unknown> =>
  onCall(callOptions(id), (request: CallableRequest) => {
    // What a call answers is one person's, whatever stands between: nobody keeps it.
    request.rawRequest.res?.set("cache-control", "private, no-store");
    return settle({ id, clock: systemClock }, request, async () => {
      const { caller, input } = await authorize(defaultGate(), { id, policy, request });
      return policy.output.parse(await handle(caller as Caller, input));
    });
  });

const callOptions = (id: string) => ({
  region: config.functions.region,
  cors: config.functions.cors,
  enforceAppCheck: true,
  ingressSettings: config.functions.ingress,
  serviceAccount: `fn-${id.slice(0, id.indexOf("-"))}@`,
});
