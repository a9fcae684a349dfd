import { config } from "../../config.js";
import { encryptionError } from "../errors.js";
import { toJson } from "../documents/json-value.js";
import { pathValues, planOf, subjectOf } from "../tokens/document-plan.js";
import { openDocument } from "../tokens/open-document.js";
import type { Values } from "../tokens/seal-document.js";
import { expectStep, refusal } from "./decide-request.js";
import type { VaultDeps } from "./deps.js";
import { expectOnFile } from "./on-file.js";
import { tellStep, type Officer } from "./tell-step.js";
import { open, type LiveRequest, type VaultRequest } from "./vault-request.js";

export interface Opened {
  readonly uid: string;
  readonly collection: string;
  readonly values: Values;
}

/**
 * The values, to whoever asked, once. First decrypted, then spent together with its record, then shown: what fails before the
 * one commit is neither spent nor on record as seen, and nothing is shown that is not both. Of many at the same moment, one
 * commits; the others forget what they decrypted. An answer that is lost on its way is spent.
 *
 * @throws encryption/vault-unknown, -vault-foreign, -not-found when the fields are gone, -key-missing, -kms-unavailable
 */
export const openVault = async (deps: VaultDeps, officer: Officer, id: string): Promise<Opened> => {
  const step = (now: VaultRequest | undefined) =>
    open(now, { uid: officer.uid, at: deps.clock() }, config.vault.silentMs);
  const request = expectStep(await deps.requests.find(id), step);
  const values = await decrypt(deps, request);
  const record = await tellStep(deps, "vault-opened", request, officer);
  const outcome = await deps.requests.apply(id, step, record);
  if ("refused" in outcome) throw refusal(outcome.refused);
  await record.announce();
  return { uid: request.uid, collection: request.collection, values };
};

/** Exactly the fields that were asked for, as they are now; all of them, or none. */
const decrypt = async (deps: VaultDeps, { collection, path, fields, uid }: LiveRequest): Promise<Values> => {
  const plan = planOf(deps.dataMap(), collection);
  const data = (await deps.documents.read(path))?.data;
  // Somebody else's by now, or nobody's: two people agreed on this person's data.
  if (data === undefined || subjectOf(plan, pathValues(plan, path), data) !== uid) throw encryptionError("not-found");
  expectOnFile(data, fields);
  const opened = await openDocument(deps, { collection, path, data, only: fields });
  return Object.fromEntries(fields.map((name) => [name, toJson(deps.natives, opened[name])]));
};
