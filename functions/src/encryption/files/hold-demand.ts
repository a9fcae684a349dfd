import { config } from "../../config.js";
import type { Demand } from "../../kernel/data-map/declaration.js";
import type { Clock } from "../../kernel/time.js";
import type { Permission } from "../../platform/api.js";
import { requestError } from "../../platform/errors.js";
import { rolesAllow } from "../../platform/roles.js";
import type { Session } from "../../platform/session.js";

/** Who calls, with the live session that the gate found. */
export interface FileCaller {
  readonly uid: string;
  readonly session: Session;
}

/** Holds a session against what the data map demands of whoever reads or writes a folder, as the rules do for others. */
export const holdDemand = ({ clock }: { clock: Clock }, session: Session, demand: Demand | undefined): void => {
  const { assurance, permission, stepUp, device } = demand ?? {};
  if (assurance !== undefined && session.aal < assurance)
    throw requestError("assurance-too-low", { details: { needed: assurance, has: session.aal } });
  if (permission !== undefined && !rolesAllow(session.roles, permission as Permission)) throw requestError("forbidden");
  if (device === true && session.jkt === undefined)
    throw requestError("proof-required", { details: { why: "unbound" } });
  if (stepUp !== undefined && !isOpen(session, stepUp, clock()))
    throw requestError("step-up-required", { details: { scope: stepUp, methods: [], reasons: session.riskReasons } });
};

const isOpen = ({ stepUp }: Session, scope: string, now: number): boolean =>
  [scope, ...(config.session.exactScopes.includes(scope) ? [] : ["any"])].some((name) => {
    const mark = stepUp[name];
    return mark !== undefined && mark.transaction === undefined && now - mark.at < config.session.stepUpMs;
  });
