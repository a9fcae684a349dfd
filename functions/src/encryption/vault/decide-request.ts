import { config } from "../../config.js";
import type { EpochMs } from "../../kernel/time.js";
import { encryptionError } from "../errors.js";
import type { VaultDeps } from "./deps.js";
import { tellStep, type Officer } from "./tell-step.js";
import {
  approve,
  cancel,
  deny,
  isLive,
  type LiveRequest,
  type Refusal,
  type Step,
  type VaultRequest,
} from "./vault-request.js";

/** What a second officer decides on: the request, and what they were shown of it. */
export interface Decision {
  readonly id: string;
  readonly uid: string;
  readonly collection: string;
  readonly fields: readonly string[];
}

/**
 * The second person's word. Whoever asked may open within `config.vault.openMs` from now, once.
 *
 * @throws encryption/vault-unknown, also to the person it is about; -vault-own to whoever asked
 */
export const approveRequest = async (
  deps: VaultDeps,
  officer: Officer,
  decision: Decision,
): Promise<{ opensUntil: EpochMs }> => {
  const { openMs } = config.vault;
  const step = (now: VaultRequest | undefined, at: EpochMs): Step =>
    isShown(now, decision) ? approve(now, { uid: officer.uid, at }, openMs) : { refused: "unknown" };
  const { opensUntil = 0 } = await take(deps, officer, { id: decision.id, event: "vault-approved", step });
  return { opensUntil };
};

/** Ends a request without opening anything. @throws as approveRequest */
export const denyRequest = async (deps: VaultDeps, officer: Officer, decision: Decision): Promise<{ denied: true }> => {
  const step = (now: VaultRequest | undefined, at: EpochMs): Step =>
    isShown(now, decision) ? deny(now, { uid: officer.uid, at }) : { refused: "unknown" };
  await take(deps, officer, { id: decision.id, event: "vault-denied", step });
  return { denied: true };
};

/** Stops a request that was not opened yet, approved or not. @throws encryption/vault-unknown */
export const cancelRequest = async (deps: VaultDeps, officer: Officer, id: string): Promise<{ cancelled: true }> => {
  const step = (now: VaultRequest | undefined, at: EpochMs): Step => cancel(now, { uid: officer.uid, at });
  await take(deps, officer, { id, event: "vault-cancelled", step });
  return { cancelled: true };
};

interface Taken {
  readonly id: string;
  readonly event: "vault-approved" | "vault-denied" | "vault-cancelled";
  readonly step: (now: VaultRequest | undefined, at: EpochMs) => Step;
}

/** Looked at first, so that a step that cannot be taken prepares no record; decided on what it is when it is written. */
const take = async (deps: VaultDeps, officer: Officer, { id, event, step }: Taken): Promise<VaultRequest> => {
  const record = await tellStep(
    deps,
    event,
    expectStep(await deps.requests.find(id), (now) => step(now, deps.clock())),
    officer,
  );
  const outcome = await deps.requests.apply(id, (now) => step(now, deps.clock()), record);
  if ("refused" in outcome) throw refusal(outcome.refused);
  await record.announce();
  return outcome.done;
};

/** The request, if the step can be taken as things are. */
export const expectStep = (
  request: VaultRequest | undefined,
  step: (now: VaultRequest | undefined) => Step,
): LiveRequest => {
  const taken = step(request);
  if ("refused" in taken) throw refusal(taken.refused);
  if (request === undefined || !isLive(request)) throw refusal("unknown");
  return request;
};

export const refusal = (why: Refusal) => encryptionError(`vault-${why}`);

const isShown = (now: VaultRequest | undefined, { uid, collection, fields }: Decision): now is VaultRequest =>
  now?.uid === uid &&
  now.collection === collection &&
  now.fields.length === fields.length &&
  now.fields.every((name) => fields.includes(name));
