import { type CustomResourceOptions, runtime } from "@pulumi/pulumi";
import { type StackName, parseStackConfig } from "../src/config.ts";
import { Firekeep } from "../src/stack.ts";
import { stackFile } from "./stack-file.ts";

export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URN and id of an explicit provider; empty when Pulumi's default one would be used. */
  readonly provider: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
}

/**
 * Builds a stack as `pulumi up` would, without a cloud, and returns what it asked for, in the order asked. Mocks see
 * inputs only, so that options (protect, retainOnDelete) are read by a transformation, which runs beside them.
 *
 * @param settings what the stack's file says, unless given
 */
export const recordStack = async (
  stack: StackName,
  settings: unknown = stackFile(stack),
): Promise<readonly Recorded[]> => {
  const recorded: Recorded[] = [];
  const options = new Map<string, Pick<CustomResourceOptions, "protect" | "retainOnDelete">>();
  await runtime.setMocks(
    {
      async newResource({ type, name, provider, inputs: untyped }) {
        const inputs = untyped as Record<string, unknown>;
        // An API takes a while: whatever does not wait for it is seen to come first.
        if (type === SERVICE) await new Promise((resolve) => setTimeout(resolve, 5));
        const { protect = false, retainOnDelete = false } = options.get(`${type} ${name}`) ?? {};
        recorded.push({ type, name, inputs, provider: provider ?? "", protect, retainOnDelete });
        return { id: `${name}-id`, state: { ...inputs, ...computed(type, name, inputs) } };
      },
      call: () => ({}),
    },
    "firekeep",
    stack,
    false,
  );
  // Pulumi takes a stack trace for every resource, and jest maps each through its source maps: two thirds of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    new Firekeep("firekeep", parseStackConfig(stack, settings), {
      transformations: [
        ({ type, name, props, opts }) => {
          options.set(`${type} ${name}`, opts);
          return { props, opts };
        },
      ],
    });
    await runtime.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return recorded;
};

export const SERVICE = "gcp:projects/service:Service";

/** How a resource is named in a failed test. */
export const label = ({ type, name }: Recorded): string => `${type} ${name}`;

export const text = (resource: Recorded, input: string): string => {
  const value = resource.inputs[input];
  return typeof value === "string" ? value : "";
};

/** What Google would fill in, where another resource uses it. */
const computed = (type: string, name: string, inputs: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  switch (type) {
    case "gcp:serviceaccount/account:Account":
      return {
        name: `projects/p/serviceAccounts/${String(inputs["accountId"])}`,
        member: `serviceAccount:${String(inputs["accountId"])}`,
      };
    case "gcp:projects/serviceIdentity:ServiceIdentity":
      return { member: `serviceAccount:agent-of-${String(inputs["service"])}` };
    case "gcp:logging/projectSink:ProjectSink":
      return { writerIdentity: `serviceAccount:writer-of-${name}` };
    case "gcp:projects/iAMCustomRole:IAMCustomRole":
      return { name: `projects/p/roles/${String(inputs["roleId"])}` };
    case "gcp:compute/securityPolicy:SecurityPolicy":
      return { selfLink: `link-of-${name}` };
    default:
      return {};
  }
};
