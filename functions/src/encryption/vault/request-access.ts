import { config } from "../../config.js";
import type { LegalBasis } from "../../kernel/data-map/declaration.js";
import { fillPath, type PathParams } from "../../kernel/data-map/paths.js";
import { randomId } from "../../kernel/random.js";
import type { EpochMs } from "../../kernel/time.js";
import { encryptionError } from "../errors.js";
import { pathValues, planOf, subjectOf, type DocumentPlan } from "../tokens/document-plan.js";
import type { VaultDeps } from "./deps.js";
import { expectOnFile } from "./on-file.js";
import type { Purpose, SilentReason } from "./purposes.js";
import { tellStep, type Officer } from "./tell-step.js";
import type { LiveRequest } from "./vault-request.js";

export interface AccessRequest {
  readonly collection: string;
  readonly params: PathParams;
  readonly fields: readonly string[];
  readonly purpose: Purpose;
  readonly legalBasis: LegalBasis;
  readonly reason: string;
  readonly silent?: SilentReason | undefined;
}

/**
 * Asks to see fields under the hardware key of one document. Nothing is decrypted before a second officer agrees.
 *
 * @throws encryption/collection-unknown, -collection-closed, -path-wrong, -field-not-vaulted, -not-found, -vault-own
 */
export const requestAccess = async (
  deps: VaultDeps,
  officer: Officer,
  asked: AccessRequest,
): Promise<{ id: string; expiresAt: EpochMs }> => {
  const plan = planOf(deps.dataMap(), asked.collection);
  const path = vaultPlace(plan, asked);
  const data = (await deps.documents.read(path))?.data;
  if (data === undefined) throw encryptionError("not-found");
  expectOnFile(data, asked.fields);
  const uid = subjectOf(plan, pathValues(plan, path), data);
  if (uid === officer.uid) throw encryptionError("vault-own");
  const request = newRequest(deps, officer, { asked, uid, path });
  const record = await tellStep(deps, "vault-requested", request, officer);
  await deps.requests.add(request, record);
  await record.announce();
  return { id: request.id, expiresAt: request.expiresAt };
};

/** Only fields under the hardware key, of the app's own collections: everything else is opened elsewhere, or never. */
const vaultPlace = ({ collection, fields }: DocumentPlan, asked: AccessRequest): string => {
  if (collection.owner !== "app" || collection.database !== undefined) throw encryptionError("collection-closed");
  for (const name of asked.fields)
    if (fields.get(name)?.field.hardware !== true)
      throw encryptionError("field-not-vaulted", { details: { field: name } });
  if (Object.keys(asked.params).length !== collection.variables.length) throw encryptionError("path-wrong");
  try {
    return fillPath(collection.path, asked.params);
  } catch (cause) {
    throw encryptionError("path-wrong", { cause });
  }
};

const newRequest = (
  deps: VaultDeps,
  officer: Officer,
  { asked, uid, path }: { asked: AccessRequest; uid: string; path: string },
): LiveRequest => {
  const { collection, fields, purpose, legalBasis, reason, silent } = asked;
  const { requestMs, openMs, silentMs } = config.vault;
  const requestedAt = deps.clock();
  const expiresAt = requestedAt + requestMs;
  return {
    id: randomId(deps.random),
    uid,
    collection,
    path,
    fields: [...fields].sort(),
    purpose,
    legalBasis,
    reason,
    requestedBy: officer.uid,
    requestedAt,
    expiresAt,
    state: "requested",
    // Also of one that is never opened: that somebody asked would tell as much.
    ...(silent !== undefined && { silent, hiddenUntil: expiresAt + openMs + silentMs }),
  };
};
