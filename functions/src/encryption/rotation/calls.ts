import type { Handlers } from "../../platform/secure-call.js";
import type { rotationApi } from "./api.js";
import { rotationDeps } from "./deps.js";
import { keyStatus } from "./key-status.js";

export const rotationCalls: Handlers<typeof rotationApi> = {
  "key-status": async () => {
    const { classes, index, collections, jobs, ...numbers } = await keyStatus(rotationDeps());
    return {
      ...numbers,
      classes: classes.map(({ byVersion, ...row }) => ({ ...row, byVersion: [...byVersion] })),
      index: { ...index, read: [...index.read] },
      collections: [...collections],
      jobs: jobs.map(({ troubles, ...job }) => ({ ...job, troubles: [...troubles] })),
    };
  },
};
