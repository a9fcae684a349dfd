import type { Handlers } from "../../platform/secure-call.js";
import { deps } from "../deps.js";
import type { documentsApi } from "./api.js";
import { findDocuments } from "./find-documents.js";
import { readDocument } from "./read-document.js";
import { writeDocument } from "./write-document.js";

export const documentsCalls: Handlers<typeof documentsApi> = {
  "document-write": ({ uid }, input) => writeDocument(deps(), uid, input),
  "document-read": ({ uid }, input) => readDocument(deps(), uid, input),
  "document-find": (caller, input) => findDocuments(deps(), caller, input),
};
