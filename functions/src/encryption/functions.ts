import { secureCalls } from "../platform/secure-call.js";
import { encryptionApi } from "./api.js";
import type * as Deps from "./deps.js";
import { findDocuments } from "./find-documents.js";
import { readDocument } from "./read-document.js";
import { writeDocument } from "./write-document.js";

// Stores, SDKs and neighbours load with the first call, not with the function.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system
const deps = () => (require("./deps.js") as typeof Deps).deps();

export const { document } = secureCalls("encryption", encryptionApi, {
  "document-write": ({ uid }, input) => writeDocument(deps(), uid, input),
  "document-read": ({ uid }, input) => readDocument(deps(), uid, input),
  "document-find": (caller, input) => findDocuments(deps(), caller, input),
});
