import { createHash } from "node:crypto";
import { config } from "../config.js";
import { canonicalJson } from "../kernel/canonical-json.js";
import type { EpochMs } from "../kernel/time.js";
import type { Permission, Policy } from "./api.js";
import { requestError } from "./errors.js";
import type { Gate } from "./gate.js";
import type { StepUpProof } from "./gate-ports.js";
import type { Assurance, Scope, Session } from "./session.js";

/** A call of a live session, held against its row. */
export interface Guarded {
  readonly policy: Policy;
  readonly input: unknown;
  readonly stepUp?: StepUpProof | undefined;
  readonly ip: string;
}

/** Raises the session by the second factor that came along, then holds it against the row and the policy of `config.mfa`. */
export const assure = async (gate: Gate, live: Session, call: Guarded): Promise<Session> => {
  const { policy } = call;
  const scope = policy.stepUp ?? "any";
  const transaction = transactionOf(call);
  const session = await raise(gate, live, { ...call, scope, transaction });
  if (session.stepUpRequired && policy.whileStepUpRequired !== true)
    throw await needed(gate, session, { scope, transaction });
  const least = leastAssurance(policy);
  if (session.aal < least) throw requestError("assurance-too-low", { details: { needed: least, has: session.aal } });
  if (needsStrong(policy)) await refuseWeak(gate, session, scope);
  if (policy.stepUp === undefined) return session;
  return transaction === undefined
    ? await holdScope(gate, session, policy.stepUp)
    : await holdTransaction(gate, session, { scope: policy.stepUp, transaction });
};

/** What a second factor approves, as a hash: the scope and what the row names of the input. The client is told it, and shows it. */
export const transactionHash = (scope: Scope, transaction: object): string =>
  createHash("sha256")
    .update(canonicalJson([scope, transaction]), "utf8")
    .digest("base64url");

/** Whether a permission is more than the use of one's own account. */
export const isElevated = (permission: Permission): boolean => !config.mfa.ordinaryPermissions.includes(permission);

const transactionOf = ({ policy, input }: Guarded): string | undefined =>
  policy.stepUp === undefined || policy.transaction === undefined
    ? undefined
    : transactionHash(policy.stepUp, policy.transaction(input));

interface Wanted {
  readonly scope: Scope;
  readonly transaction: string | undefined;
}

const raise = async (gate: Gate, session: Session, wanted: Guarded & Wanted): Promise<Session> => {
  const { stepUp: proof, scope, transaction, ip } = wanted;
  if (proof === undefined) return session;
  const request = { session, proof, scope, ip, ...(transaction !== undefined && { transaction }) };
  const raised = await gate.ports().stepUp(request);
  gate.sessions.forget(session.sid);
  return raised;
};

const leastAssurance = ({ assurance = 1, permission }: Policy): Assurance =>
  permission !== undefined && isElevated(permission) && assurance === 1 ? config.mfa.permissionAssurance : assurance;

const needsStrong = ({ permission, stepUp }: Policy): boolean =>
  (permission !== undefined && isElevated(permission)) || (stepUp !== undefined && isAlways(stepUp));

/** Scopes that nobody enters without a second factor. A name in the list covers all below it. */
const isAlways = (scope: Scope): boolean =>
  config.mfa.always.some((name) => scope === name || scope.startsWith(`${name}.`));

// Only where this session has a second factor, and none that does: whether there is one at all, is asked elsewhere.
const refuseWeak = async (gate: Gate, session: Session, scope: Scope): Promise<void> => {
  const { amr } = session;
  if (!amr.includes("mfa") || amr.some((method) => config.mfa.strong.includes(method))) return;
  const methods = await gate.ports().methods(session.uid);
  if (methods.length === 0) throw factorRequired(scope);
  throw requestError("method-too-weak", { details: { scope, methods } });
};

const factorRequired = (scope: Scope) =>
  requestError("factor-required", { details: { scope, enrol: ["passkey", "totp"] } });

const holdScope = async (gate: Gate, session: Session, scope: Scope): Promise<Session> => {
  const general = config.session.exactScopes.includes(scope) ? [] : ["any"];
  const now = gate.clock();
  const isOpen = [scope, ...general].some((name) => {
    const mark = session.stepUp[name];
    return mark?.transaction === undefined && isFresh(mark?.at, now);
  });
  return isOpen ? session : standIn(gate, session, { scope, transaction: undefined });
};

/** The approval must be of exactly this, and is used up before the call goes on. */
const holdTransaction = async (gate: Gate, session: Session, wanted: Wanted & { transaction: string }) => {
  const { scope, transaction } = wanted;
  const mark = session.stepUp[scope];
  if (mark?.transaction === transaction && isFresh(mark.at, gate.clock())) {
    const spent = await gate.reader.spendApproval(session.sid, scope, transaction, gate.clock());
    gate.sessions.forget(session.sid);
    if (spent) return session;
  }
  return standIn(gate, session, wanted);
};

// Without a second factor, a sign-in just made is the freshest proof there is, where none is demanded.
const standIn = async (gate: Gate, session: Session, wanted: Wanted): Promise<Session> => {
  const methods = await gate.ports().methods(session.uid);
  if (methods.length > 0) throw stepUpRequired(session, wanted, methods);
  if (isAlways(wanted.scope)) throw factorRequired(wanted.scope);
  if (isFresh(session.startedAt, gate.clock())) return session;
  throw stepUpRequired(session, wanted, ["sign-in"]);
};

const isFresh = (at: EpochMs | undefined, now: EpochMs): boolean =>
  at !== undefined && now - at < config.session.stepUpMs;

// A risky sign-in of an account without a factor is only held up where its address can be asked instead.
const needed = async (gate: Gate, session: Session, wanted: Wanted) => {
  const methods = await gate.ports().methods(session.uid);
  return stepUpRequired(session, wanted, methods.length > 0 ? methods : ["email-code"]);
};

// The error names what is needed, so that a client can ask for it and call again.
const stepUpRequired = (session: Session, { scope, transaction }: Wanted, methods: readonly string[]) =>
  requestError("step-up-required", {
    details: { scope, methods, reasons: session.riskReasons, ...(transaction !== undefined && { transaction }) },
  });
