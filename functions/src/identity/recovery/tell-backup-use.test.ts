import { expect, test } from "@jest/globals";
import { identity, storedSession } from "../identity.fixture.js";
import { tellBackupUse } from "./tell-backup-use.js";

test("a backup code that opened the factors is told as a recovery, once; for anything else it is a step-up", async () => {
  const { deps, noticed } = identity();
  const use = { session: storedSession(), remaining: 3 };
  await tellBackupUse(deps, { ...use, scope: "identity.factors" });
  await tellBackupUse(deps, { ...use, scope: "any" });
  await tellBackupUse(deps, { ...use, scope: "privacy.erase" });
  expect(noticed).toMatchObject([
    { kind: "recovery-used", uid: "ann", sid: storedSession().sid, facts: { method: "backup code" } },
  ]);
});
