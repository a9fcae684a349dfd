import type { Caller, Handlers } from "../../platform/secure-call.js";
import type { vaultApi } from "./api.js";
import { approveRequest, cancelRequest, denyRequest } from "./decide-request.js";
import { vaultDeps } from "./deps.js";
import { listRequests } from "./list-requests.js";
import { openVault } from "./open-vault.js";
import { requestAccess } from "./request-access.js";

export const vaultCalls: Handlers<typeof vaultApi> = {
  "vault-request": (caller, asked) => requestAccess(vaultDeps(), officer(caller), asked),
  "vault-approve": (caller, decision) => approveRequest(vaultDeps(), officer(caller), decision),
  "vault-deny": (caller, decision) => denyRequest(vaultDeps(), officer(caller), decision),
  "vault-open": (caller, { id }) => openVault(vaultDeps(), officer(caller), id),
  "vault-cancel": (caller, { id }) => cancelRequest(vaultDeps(), officer(caller), id),
  "vault-list": (caller, page) => listRequests(vaultDeps(), caller, page),
};

const officer = ({ uid, sid, ip }: Caller) => ({ uid, ip, ...(sid !== undefined && { sid }) });
