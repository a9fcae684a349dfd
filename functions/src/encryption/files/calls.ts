import { requestError } from "../../platform/errors.js";
import type { Caller, Handlers } from "../../platform/secure-call.js";
import type { filesApi } from "./api.js";
import { beginFile } from "./begin-file.js";
import { filesDeps } from "./deps.js";
import { finishFile } from "./finish-file.js";
import type { FileCaller } from "./hold-demand.js";
import { listFiles } from "./list-files.js";
import { openFile } from "./open-file.js";
import { removeFile } from "./remove-file.js";

export const filesCalls: Handlers<typeof filesApi> = {
  "file-begin": (caller, input) => beginFile(filesDeps(), withSession(caller), input),
  "file-finish": ({ uid }, { file }) => finishFile(filesDeps(), uid, file),
  "file-open": (caller, { file }) => openFile(filesDeps(), withSession(caller), file),
  "file-list": (caller, input) => listFiles(filesDeps(), withSession(caller), input),
  "file-remove": ({ uid }, { file }) => removeFile(filesDeps(), uid, file),
};

// The rows ask for a live session; the type of a caller does not know.
const withSession = ({ uid, session }: Caller): FileCaller => {
  if (session === undefined) throw requestError("session-missing");
  return { uid, session };
};
