import { secureCalls } from "../platform/secure-call.js";
import { encryptionApi } from "./api.js";
import { deps } from "./deps.js";
import { findDocuments } from "./find-documents.js";
import { readDocument } from "./read-document.js";
import { writeDocument } from "./write-document.js";

export const { document } = secureCalls("encryption", encryptionApi, {
  "document-write": ({ uid }, input) => writeDocument(deps(), uid, input),
  "document-read": ({ uid }, input) => readDocument(deps(), uid, input),
  "document-find": (caller, input) => findDocuments(deps(), caller, input),
});
