import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tick } from "../suite/index.ts";
import { annsCode } from "./06-export.ts";
import { eventually, StoryError } from "./scene.ts";
import type { Step } from "./step.ts";
import { verifyOffline } from "./verify-offline.ts";

export const erasure: Step = {
  title: "Ann is erased, and the receipt proves it",
  run: async (world, { see, hold, refused }) => {
    const { ann, observe, operator, suite, memory } = world;
    const uid = memory.uid ?? "";
    await refused("erasure asks for a second factor of its own", "request/step-up-required", () =>
      ann.call("privacy-erasure-request", { confirm: "erase" }),
    );
    const { receiptUrl } = await ann.call("privacy-erasure-request", { confirm: "erase" }, await annsCode(world));
    const answer = await eventually("the receipt", async () => {
      const found = (await (await fetch(receiptUrl)).json()) as {
        status: string;
        receipt?: { statement: Record<string, unknown> };
      };
      if (found.status === "failed") throw new StoryError("the erasure failed");
      return found.receipt === undefined ? undefined : found;
    });
    const statement = answer.receipt?.statement ?? {};
    see("receipt", {
      counts: statement["counts"],
      keysDestroyed: statement["keysDestroyed"],
      residual: statement["residual"],
      horizonDays: statement["horizonDays"],
    });
    hold("the Auth record is gone", (await observe.account(uid)) === undefined);
    const documents = ["profiles", "secUsers", "secFactors", "riskProfiles"].map((collection) =>
      observe.document(`${collection}/${uid}`),
    );
    hold(
      "the documents are gone",
      (await Promise.all(documents)).every((found) => found === undefined),
    );
    const listed = await Promise.all(
      ["secSessions", "riskDecisions", "accessLog"].map((collection) => observe.query(collection, "uid", uid)),
    );
    hold("sessions, risk decisions and access log are gone", listed.flat().length === 0);
    hold(
      "the files are gone, and nobody else's",
      (await observe.files(`photos/${uid}/`)).length === 0 && (await observe.files(`photos/${uid}0/`)).length === 1,
    );
    const left = (await observe.document(`dataKeys/${uid}`, "keys")) ?? {};
    hold(
      "the wrapped data keys are destroyed, and for a while nobody makes new ones",
      Object.keys(left).join() === "expireAt",
    );
    hold(
      "the log's pseudonym leads nowhere any more",
      (await observe.document(`auditPseudonyms/${uid}`, "keys")) === undefined,
    );
    hold("the residual scan found nothing before anything was signed", statement["residual"] === 0);
    await refused("Ann's old token opens nothing", "request/session-missing", () =>
      ann.call("identity-security-read", {}),
    );
    hold(
      "and does not bring Ann back into the log",
      (await observe.document(`auditPseudonyms/${uid}`, "keys")) === undefined,
    );
    const file = join(suite.runDir, "receipt.json");
    writeFileSync(file, JSON.stringify(answer));
    await tick(suite, "audit-log-sequence"); // a minute has passed: the log gets its checkpoint
    const key = join(suite.runDir, "audit-key.pem");
    writeFileSync(key, (await operator.call("audit-log-checkpoint", {})).publicKey);
    hold("the signed receipt verifies offline", verifyOffline(file, key).status === 0);
    writeFileSync(file, JSON.stringify(answer).replace('"residual":0', '"residual":1'));
    hold("a changed receipt does not", verifyOffline(file, key).status === 1);
  },
};
