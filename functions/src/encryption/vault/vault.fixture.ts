import type { Access, StagedEvent } from "../../audit/index.js";
import type { SecurityEvent } from "../../kernel/event.js";
import { randomId, systemRandom } from "../../kernel/random.js";
import type { DocumentData } from "firebase-admin/firestore";
import { testDomain } from "../encryption.fixture.js";
import { sealDocument } from "../tokens/seal-document.js";
import { approveRequest } from "./decide-request.js";
import type { VaultDeps } from "./deps.js";
import { requestAccess, type AccessRequest } from "./request-access.js";
import { memoryVaultStore, type VaultStore } from "./vault-store.js";

export const OLGA = { uid: "olga", sid: "olgas-session", ip: "203.0.113.7" };
export const OMAR = { uid: "omar", sid: "omars-session", ip: "203.0.113.8" };
export const ANN = "ann";
export const NUMBER = "P 1234567";

/** What was kept: only what stood in a commit that was made. */
export interface Kept {
  readonly event: SecurityEvent;
  readonly access: Access | undefined;
}

/**
 * Two officers, olga and omar, and ann with her document `people/ann`, whose `scan` is under the hardware key.
 *
 * @param open a store to run on; its records' writer needs no Firestore
 */
export const vaultWorld = async (open: VaultStore = memoryVaultStore()) => {
  const domain = testDomain();
  const documents = new Map<string, DocumentData>();
  const kept: Kept[] = [];
  const announced: string[] = [];
  const world = { audit: "up" as "up" | "down" };
  const stage = async (event: SecurityEvent, access?: Access): Promise<StagedEvent> => {
    await Promise.resolve();
    if (world.audit === "down") throw new Error("the audit log is down");
    return {
      addTo: () => void kept.push({ event, access }),
      announce: async () => void announced.push(event.type.name),
    };
  };
  const deps: VaultDeps = {
    ...domain,
    requests: open,
    documents: {
      read: async (path) => {
        const data = documents.get(path);
        return data === undefined ? undefined : { data, revision: undefined };
      },
    },
    stage,
    pseudonymOf: async (uid) => `pseudonym-of-${uid}`,
    random: systemRandom,
  };
  const give = async (uid: string, values: Readonly<Record<string, unknown>>) => {
    const path = `people/${uid}`;
    documents.set(path, await sealDocument(domain, { collection: "people", path, subject: uid, values }));
  };
  await give(ANN, { scan: NUMBER, secret: "in confidence" });
  domain.kmsState.calls = 0;
  const ask = (over: Partial<AccessRequest> = {}, officer = OLGA) => requestAccess(deps, officer, asking(over));
  const agree = async (id: string, officer = OMAR) => approveRequest(deps, officer, await shown(deps, id));
  /** A request that another officer has agreed to. */
  const approved = async (over: Partial<AccessRequest> = {}): Promise<string> => {
    const { id } = await ask(over);
    await agree(id);
    return id;
  };
  const names = () => kept.map(({ event }) => event.type.name.replace("encryption.vault-", ""));
  return { ...domain, deps, documents, kept, announced, world, give, ask, agree, approved, names };
};

export const asking = (over: Partial<AccessRequest> = {}): AccessRequest => ({
  collection: "people",
  params: { uid: ANN },
  fields: ["scan"],
  purpose: "legal-claim",
  legalBasis: "legal-obligation",
  reason: "The court asks for it.",
  ...over,
});

/** What a decision on a request names of it. */
export const shown = async ({ requests }: Pick<VaultDeps, "requests">, id: string) => {
  const request = await requests.find(id);
  if (request?.uid === undefined) throw new Error("there is no such request");
  const { uid, collection, fields } = request;
  return { id, uid, collection, fields };
};

export const fresh = (): string => randomId(systemRandom);

/** The public code that a refused call answers. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "went through",
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
