export { requireExample } from "./example.ts";
export { onInterrupt } from "./interrupt.ts";
export { fixedPorts } from "./ports.ts";
export type { Workers } from "./runs.ts";
export { tick, startSchedules } from "./schedule.ts";
export { attachSuite, startSuite } from "./start-suite.ts";
export type { Suite, SuiteOptions } from "./start-suite.ts";
