import { Config, RunError, getStack } from "@pulumi/pulumi";
import { ConfigFaults, type StackConfig, parseStackConfig } from "./src/config.ts";
import { functionsEnv as envText, stackOutputs } from "./src/outputs.ts";
import { Firekeep } from "./src/stack.ts";

const config = load();
const firekeep = new Firekeep("firekeep", config);

/** Stack outputs: `pulumi stack output <name>`. */
export const outputs = stackOutputs(config);
export const functionsEnv = envText(outputs);
export const edgeAddress = firekeep.edgeAddress;

/** A refused configuration is a message to the operator, not a stack trace. */
function load(): StackConfig {
  try {
    return parseStackConfig(getStack(), new Config("firekeep").requireObject("stack"));
  } catch (error) {
    if (error instanceof ConfigFaults) throw new RunError(error.message);
    throw error;
  }
}
