import type { z } from "zod";
import type { appRoles } from "../app-roles.js";
import type { Limit } from "../kernel/limits.js";
import type { Assurance, Scope } from "./session.js";

/**
 * One callable's row: who may call, how often, with what, and what comes back. The gate enforces it, the client's types,
 * the API reference and the permission matrix are made from it.
 */
export interface Policy<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** One sentence for the API reference. */
  readonly summary: string;
  /**
   * `public`: nobody need be signed in (App Check and a limit by network still hold). `none`: signed in is enough (only to
   * start a session). `cached`: a session copy up to 10 s old will do. `strict`: the session as it is now.
   */
  readonly session: "public" | "none" | "cached" | "strict";
  /** Permission that one of the session's roles must hold (`PERMISSIONS` in roles.ts). */
  readonly permission?: Permission;
  /** Least assurance of the session. Default 1. */
  readonly assurance?: Assurance;
  /** A fresh second factor for this scope is needed when the account has one. */
  readonly stepUp?: Scope;
  /**
   * What of the input the second factor approves, such as amount and payee. The step-up must have been given for exactly
   * this, and counts once. Only together with `stepUp`.
   */
  transaction?(input: z.output<Input>): object;
  /** Sensitive: the session must be bound to a device key, and the call must carry a proof of it that was never used before. */
  readonly proof?: true;
  /**
   * The hash of the session secret that this call goes over to. A device that never saw the answer asks again with the secret
   * before: that is no theft. Only together with `proof`.
   */
  rotates?(input: z.output<Input>): string;
  /** Callable although the sign-in's risk demands a second factor first (to give it, or to leave). */
  readonly whileStepUpRequired?: boolean;
  readonly limit: Limit;
  readonly input: Input;
  readonly output: Output;
  /** Domain errors this call can answer, by code, beside the gate's own. */
  readonly errors?: readonly string[];
}

/** Firekeep's permissions and the app's own (`app-roles.ts`). What each allows, and who holds it: roles.ts. */
export type Permission =
  | "self"
  | "accounts.read"
  | "accounts.reset"
  | "security.read"
  | "security.respond"
  | "privacy.operate"
  | "vault.open"
  | "audit.read"
  | "admin.users"
  | "admin.content"
  | "admin.system"
  | `collection.${"read" | "write" | "delete" | "share"}`
  // Never, as long as the app has none of its own.
  // eslint-disable-next-line @typescript-eslint/no-redundant-type-constituents -- the app's table decides
  | keyof (typeof appRoles)["permissions"];

/** A domain's table of callables, keyed `<noun>-<verb>`. */
export type Api = Readonly<Record<`${string}-${string}`, Policy>>;

/** Keeps each row's schema types. */
export const defineApi = <const Rows extends Api>(rows: Rows): Rows => rows;

/** Input and output of every row, under the deployed function's id. For the client. */
export type Calls<Domain extends string, Rows extends Api> = {
  readonly [Key in keyof Rows & string as `${Domain}-${Key}`]: CallOf<Rows[Key]>;
};

export type CallOf<Row> =
  Row extends Policy<infer Input, infer Output>
    ? { readonly input: z.input<Input>; readonly output: z.output<Output> }
    : never;
