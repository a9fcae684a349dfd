import type { Access, StagedEvent } from "../../audit/index.js";
import type { EventDetail, SecurityEvent } from "../../kernel/event.js";
import { encryptionEvent } from "../events.js";
import type { VaultDeps } from "./deps.js";
import { PURPOSES } from "./purposes.js";
import type { LiveRequest } from "./vault-request.js";

/** Who acts. */
export interface Officer {
  readonly uid: string;
  readonly sid?: string;
  readonly ip: string;
}

type StepName = Extract<keyof typeof encryptionEvent, `vault-${string}`>;

/** The event of a step, to be kept in the step's own commit. */
export const tellStep = async (
  deps: Pick<VaultDeps, "stage" | "pseudonymOf">,
  name: StepName,
  request: LiveRequest,
  officer: Officer,
): Promise<StagedEvent> => {
  const { uid: actor, ip, sid } = officer;
  const from = { actor, ip, ...(sid !== undefined && { session: sid }) };
  const event = {
    type: encryptionEvent[name],
    outcome: "success",
    ...from,
    ...(await aboutOf(deps, request)),
  } as const;
  const isSeen = name === "vault-opened" && request.silent === undefined;
  return deps.stage(event, isSeen ? accessTo(request) : undefined);
};

/** What the person is told when the silence is over: the opening, at the time at which it was. */
export const tellRelease = (deps: Pick<VaultDeps, "stage">, request: LiveRequest): Promise<StagedEvent> => {
  const event = { outcome: "success", subject: request.uid, actor: "system", detail: detailOf(request) } as const;
  const at = request.openedAt ?? request.requestedAt;
  return deps.stage({ type: encryptionEvent["vault-released"], ...event }, { ...accessTo(request), at });
};

/**
 * A silent step names the person to the log only, by pseudonym: what names the account would reach their export, and whoever
 * consumes events.
 */
const aboutOf = async (
  deps: Pick<VaultDeps, "pseudonymOf">,
  request: LiveRequest,
): Promise<Pick<SecurityEvent, "subject" | "detail">> => {
  const { silent, uid } = request;
  const detail = detailOf(request);
  if (silent === undefined) return { subject: uid, detail };
  return { detail: { ...detail, silent, about: await deps.pseudonymOf(uid) } };
};

const detailOf = ({ id, collection, fields, purpose, legalBasis }: LiveRequest): EventDetail => ({
  request: id,
  collection,
  fields: [...fields],
  purpose,
  legalBasis,
});

const accessTo = ({ uid, collection, fields, purpose, legalBasis }: LiveRequest): Access => ({
  subject: uid,
  actor: "operator",
  collection,
  fields,
  purpose: PURPOSES[purpose],
  legalBasis,
  action: "read",
});
