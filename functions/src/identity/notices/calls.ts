import type { Handlers } from "../../platform/secure-call.js";
import { whenDenied } from "../recovery/when-denied.js";
import type { noticesApi } from "./api.js";
import { denyNotice } from "./deny-notice.js";
import { noticesDeps } from "./deps.js";

export const noticesCalls: Handlers<typeof noticesApi> = {
  "notice-deny": (_, { token }) => denyNotice({ ...noticesDeps(), whenDenied: [whenDenied] }, token),
};
