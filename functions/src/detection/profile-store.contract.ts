import { expect, test } from "@jest/globals";
import type { ProfileStore } from "./profile-store.js";

const trace = (n: number) => ({
  at: 1_000 * n,
  country: "NO",
  asn: 2119,
  device: "Chrome / Windows",
  decisionId: `d${String(n)}`,
});

/** What every profile store must do. */
export const profileStoreContract = (make: () => { profiles: ProfileStore; uid: () => string }): void => {
  test("knows nothing of a new account", async () => {
    const { profiles, uid } = make();
    expect(await profiles.find(uid())).toBeUndefined();
  });

  test("adds sign-ins, each decision once", async () => {
    const { profiles, uid } = make();
    const who = uid();
    for (const n of [1, 2, 2, 3]) await profiles.add(who, trace(n));
    expect(await profiles.find(who)).toMatchObject({
      uid: who,
      signIns: 3,
      countries: { NO: 3 },
      asns: { "2119": 3 },
      last: { decisionId: "d3" },
    });
  });

  test("adds all of several at once", async () => {
    const { profiles, uid } = make();
    const who = uid();
    await Promise.all([1, 2, 3, 4].map((n) => profiles.add(who, trace(n))));
    expect((await profiles.find(who))?.signIns).toBe(4);
  });
};
