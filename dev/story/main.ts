import { attachSuite } from "../suite/index.ts";
import { runStory } from "./index.ts";

// The story on a suite that is already up (FIREKEEP_SUITE), for the tests.
process.exit((await runStory(attachSuite())) ? 0 : 1);
