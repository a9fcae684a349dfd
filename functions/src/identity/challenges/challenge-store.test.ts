import { challengeStoreContract } from "./challenge-store.contract.js";
import { memoryChallengeStore } from "./challenge-store.js";

const store = memoryChallengeStore();
challengeStoreContract("memory", () => store);
