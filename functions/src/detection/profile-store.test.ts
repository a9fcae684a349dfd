import { describe } from "@jest/globals";
import { memoryProfileStore } from "./profile-store.js";
import { profileStoreContract } from "./profile-store.contract.js";

describe("profiles in memory", () => {
  profileStoreContract(() => ({ profiles: memoryProfileStore(), uid: () => "u1" }));
});
