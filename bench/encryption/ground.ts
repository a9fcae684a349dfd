import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Config from "../../functions/src/config.ts";
import type * as BlindIndex from "../../functions/src/encryption/indexes/blind-index.ts";
import type * as IndexRootStore from "../../functions/src/encryption/indexes/index-root-store.ts";
import type * as DataKeyStore from "../../functions/src/encryption/keys/data-key-store.ts";
import type * as EpochStore from "../../functions/src/encryption/keys/epoch-store.ts";
import type * as OpenDocument from "../../functions/src/encryption/tokens/open-document.ts";
import type * as SealDocument from "../../functions/src/encryption/tokens/seal-document.ts";
import type * as Wire from "../../functions/src/encryption/wire.ts";
import type { DataMapDeclaration } from "../../functions/src/kernel/data-map/declaration.ts";
import type * as Define from "../../functions/src/kernel/data-map/define.ts";
import type * as OwnData from "../../functions/src/platform/own-data.ts";
import type { Kms } from "../../functions/src/platform/kms-port.ts";

/** The built code, as it is deployed, typed by its source. */
export const deployed = createRequire(join(import.meta.dirname, "../../functions/lib/index.js"));

const { wire } = deployed("./encryption/wire.js") as typeof Wire;
const { sealDocument } = deployed("./encryption/tokens/seal-document.js") as typeof SealDocument;
const { openDocument } = deployed("./encryption/tokens/open-document.js") as typeof OpenDocument;
const { memoryDataKeyStore } = deployed("./encryption/keys/data-key-store.js") as typeof DataKeyStore;
const { memoryEpochStore } = deployed("./encryption/keys/epoch-store.js") as typeof EpochStore;
const { memoryIndexRootStore } = deployed("./encryption/indexes/index-root-store.js") as typeof IndexRootStore;
const { makeBlindIndex } = deployed("./encryption/indexes/blind-index.js") as typeof BlindIndex;
const { defineDataMap } = deployed("./kernel/data-map/define.js") as typeof Define;
const { ownCollections, ownFolders } = deployed("./platform/own-data.js") as typeof OwnData;
export const { config } = deployed("./config.js") as typeof Config;

const collection = {
  description: "What is measured",
  subject: { by: "path", variable: "uid" },
  purpose: "Measure encryption",
  legalBasis: "contract",
  retention: { days: 1, from: "since", then: "delete" },
  recipients: ["none"],
  erase: "delete",
  access: { read: "subject", write: "nobody" },
} as const;

const since = { class: "GREEN", type: "timestamp", origin: "observed" } as const;
const field = (name: "AMBER" | "RED") => ({ class: name, type: "string", origin: "given" }) as const;

/** Ten fields of one person: f0 to f9. */
export const TEN = Array.from({ length: 10 }, (_, index) => `f${String(index)}`);

const declaration: DataMapDeclaration = {
  app: "bench",
  controller: { name: "Bench", contact: "privacy@bench.example" },
  authRecord: { purpose: "Sign people in", legalBasis: "contract" },
  folders: {},
  collections: {
    profiles: {
      ...collection,
      path: "profiles/{uid}",
      fields: {
        amber: field("AMBER"),
        red: field("RED"),
        email: { ...field("RED"), lookup: "email" },
        since,
      },
    },
    tens: {
      ...collection,
      path: "tens/{uid}",
      fields: { ...Object.fromEntries(TEN.map((name) => [name, field("RED")])), since },
    },
    records: {
      ...collection,
      path: "records/{uid}",
      fields: {
        ...Object.fromEntries(TEN.slice(1).map((name) => [name, field("RED")])),
        email: { ...field("RED"), lookup: "email" },
        since,
      },
    },
    mixed: {
      ...collection,
      path: "mixed/{uid}",
      fields: { ...Object.fromEntries(TEN.map((name, at) => [name, field(at % 2 === 0 ? "RED" : "AMBER")])), since },
    },
  },
};

/** A KMS that answers with what it got, at once; how often it was asked. */
export const countingKms = (
  waitMs = 0,
): { readonly kms: Kms; readonly calls: () => number; readonly reset: () => void } => {
  let calls = 0;
  const answer = async <Answer>(value: Answer): Promise<Answer> => {
    calls += 1;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    return value;
  };
  const never = () => Promise.reject(new Error("nothing to sign"));
  return {
    kms: {
      encrypt: ({ plaintext }) => answer({ ciphertext: Uint8Array.from(plaintext), version: 1 }),
      decrypt: ({ ciphertext }) => answer(Uint8Array.from(ciphertext)),
      asymmetricSign: never,
      publicKey: never,
    },
    calls: () => calls,
    reset: () => (calls = 0),
  };
};

const unused = (): never => {
  throw new Error("no such type in this benchmark");
};

/** What instances share: databases, in memory. */
export const openStores = () => ({
  store: memoryDataKeyStore(),
  epochs: memoryEpochStore(),
  roots: memoryIndexRootStore(),
});

/** An instance of the encryption domain as deployed: `seal`, `open`, `index` are what its index.ts exports. */
export const openGround = ({ kms = countingKms().kms, stores = openStores(), clock = () => Date.now() } = {}) => {
  const map = defineDataMap(declaration, { collections: ownCollections, folders: ownFolders });
  const deps = wire({
    ...stores,
    dataMap: () => map,
    kms,
    natives: { kindOf: () => undefined, instant: unused, timestamp: unused, geopoint: unused, reference: unused },
    clock,
    random: (size) => randomBytes(size),
    limits: config.keys,
  });
  return {
    deps,
    seal: (request: Parameters<typeof sealDocument>[1]) => sealDocument(deps, request),
    open: (request: Parameters<typeof openDocument>[1]) => openDocument(deps, request),
    index: (field: string, value: string) => makeBlindIndex(deps, { collection: "profiles", field, value }),
  };
};

export const newUid = (): string => randomBytes(21).toString("base64url");
