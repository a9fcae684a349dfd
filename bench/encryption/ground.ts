import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Config from "../../functions/src/config.ts";
import type * as DataKeyStore from "../../functions/src/encryption/keys/data-key-store.ts";
import type * as IndexRootStore from "../../functions/src/encryption/indexes/index-root-store.ts";
import type * as OpenDocument from "../../functions/src/encryption/tokens/open-document.ts";
import type * as SealDocument from "../../functions/src/encryption/tokens/seal-document.ts";
import type * as Wire from "../../functions/src/encryption/wire.ts";
import type { DataMapDeclaration } from "../../functions/src/kernel/data-map/declaration.ts";
import type * as Define from "../../functions/src/kernel/data-map/define.ts";
import type { Kms } from "../../functions/src/platform/kms-port.ts";

/** The built code, as it is deployed, typed by its source. */
const require = createRequire(join(import.meta.dirname, "../../functions/lib/index.js"));

const { wire } = require("./encryption/wire.js") as typeof Wire;
const { sealDocument } = require("./encryption/tokens/seal-document.js") as typeof SealDocument;
const { openDocument } = require("./encryption/tokens/open-document.js") as typeof OpenDocument;
const { memoryDataKeyStore } = require("./encryption/keys/data-key-store.js") as typeof DataKeyStore;
const { memoryIndexRootStore } = require("./encryption/indexes/index-root-store.js") as typeof IndexRootStore;
const { defineDataMap } = require("./kernel/data-map/define.js") as typeof Define;
const { config } = require("./config.js") as typeof Config;

const declaration = {
  app: "bench",
  controller: { name: "Bench", contact: "privacy@bench.example" },
  authRecord: { purpose: "Sign people in", legalBasis: "contract" },
  folders: {},
  collections: {
    profiles: {
      path: "profiles/{uid}",
      description: "What is measured",
      subject: { by: "path", variable: "uid" },
      purpose: "Measure encryption",
      legalBasis: "contract",
      retention: { days: 1, from: "since", then: "delete" },
      recipients: ["none"],
      erase: "delete",
      access: { read: "subject", write: "nobody" },
      fields: {
        amber: { class: "AMBER", type: "string", origin: "given" },
        red: { class: "RED", type: "string", origin: "given" },
        since: { class: "GREEN", type: "timestamp", origin: "observed" },
      },
    },
  },
} as const satisfies DataMapDeclaration;

/** Keys are warm in what is measured, so this KMS is asked once a key and subject, before it begins. */
const idleKms: Kms = {
  encrypt: ({ plaintext }) => Promise.resolve(Uint8Array.from(plaintext)),
  decrypt: ({ ciphertext }) => Promise.resolve(Uint8Array.from(ciphertext)),
  asymmetricSign: () => Promise.reject(new Error("nothing to sign")),
  publicKey: () => Promise.reject(new Error("nothing to sign")),
};

/** The encryption domain as deployed, over memory: `seal` and `open` are what its index.ts exports. */
export const openGround = () => {
  const map = defineDataMap(declaration, { collections: {}, folders: {} });
  const unused = (): never => {
    throw new Error("no such type in this benchmark");
  };
  const deps = wire({
    dataMap: () => map,
    kms: idleKms,
    store: memoryDataKeyStore(),
    roots: memoryIndexRootStore(),
    natives: { kindOf: () => undefined, instant: unused, timestamp: unused, geopoint: unused, reference: unused },
    clock: () => Date.now(),
    random: (size) => randomBytes(size),
    limits: config.keys,
  });
  return {
    seal: (request: Parameters<typeof sealDocument>[1]) => sealDocument(deps, request),
    open: (request: Parameters<typeof openDocument>[1]) => openDocument(deps, request),
  };
};
