import type { Caller, Handlers } from "../../platform/secure-call.js";
import type { rolesApi } from "./api.js";
import { grantRole, revokeRole } from "./change-role.js";
import { approveProposal, refuseProposal } from "./decide-proposal.js";
import { roleDeps } from "./deps.js";
import { listProposals, listRoles, readRoles } from "./list-roles.js";

export const rolesCalls: Handlers<typeof rolesApi> = {
  "role-read": (caller) => Promise.resolve(readRoles(caller)),
  "role-list": (_, page) => listRoles(roleDeps(), page),
  "role-grant": (caller, request) => grantRole(roleDeps(), operator(caller), request),
  "role-revoke": (caller, request) => revokeRole(roleDeps(), operator(caller), request),
  "role-proposals": () => listProposals(roleDeps()),
  "role-approve": (caller, decision) => approveProposal(roleDeps(), operator(caller), decision),
  "role-refuse": (caller, decision) => refuseProposal(roleDeps(), operator(caller), decision),
};

const operator = ({ uid, ip }: Caller) => ({ operator: uid, ip });
