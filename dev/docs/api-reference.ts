/** A callable's row, as far as the reference needs it. */
export interface Row {
  readonly summary: string;
  readonly session: string;
  readonly permission?: string;
  readonly assurance?: number;
  readonly stepUp?: string;
  readonly limit: { readonly permits: number; readonly perMs: number; readonly by: string };
  readonly errors?: readonly string[];
}

export interface Reference {
  readonly id: string;
  readonly domain: string;
  readonly row: Row;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

/** `docs/api.md`: one section a domain, one entry a callable. */
export const renderMarkdown = (calls: readonly Reference[]): string => {
  const domains = [...new Set(calls.map((call) => call.domain))];
  const sections = domains.map((domain) => {
    const entries = calls.filter((call) => call.domain === domain).map(renderCall);
    return [`## ${domain}`, ...entries].join("\n\n");
  });
  return `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
};

const INTRODUCTION = `# API

Made from the callables' schemas by \`npm run docs\`; do not edit. Every call goes through the Firebase SDK's \`httpsCallable\`, needs an App
Check token and a signed-in account, and may carry a second factor as \`_stepUp: { method: "totp" | "backup-code", code }\`
(or a passkey's answer), and a proof of the device's key as \`_proof\`.
Unknown fields are refused. A refused call carries \`details.code\`: the codes listed, or one of the gate's own
(\`request/sign-in-required\`, \`request/session-missing\`, \`request/session-revoked\`, \`request/session-expired\`,
\`request/step-up-required\`, \`request/assurance-too-low\`, \`request/forbidden\`, \`request/malformed\`, \`request/too-many\`,
\`request/unavailable\`, \`request/internal\`).`;

const renderCall = ({ id, row, input, output }: Reference): string =>
  [
    `### ${id}`,
    row.summary,
    `Needs: ${needs(row)}. Limit: ${String(row.limit.permits)} per ${period(row.limit.perMs)} and ${row.limit.by}.`,
    `Input\n\n${renderFields(input)}`,
    `Output\n\n${renderFields(output)}`,
    ...(row.errors === undefined || row.errors.length === 0
      ? []
      : [`Errors: ${row.errors.map((code) => `\`${code}\``).join(", ")}.`]),
  ].join("\n\n");

const needs = (row: Row): string =>
  [
    row.session === "none" ? "a fresh sign-in" : `a live session (${row.session})`,
    ...(row.permission === undefined ? [] : [`permission \`${row.permission}\``]),
    ...(row.assurance === undefined ? [] : [`assurance ${String(row.assurance)}`]),
    ...(row.stepUp === undefined ? [] : [`a second factor for \`${row.stepUp}\``]),
  ].join(", ");

const period = (ms: number): string => {
  const units: [number, string][] = [
    [86_400_000, "day"],
    [3_600_000, "hour"],
    [60_000, "minute"],
    [1_000, "second"],
  ];
  const [size, unit] = units.find(([length]) => ms % length === 0) ?? [1, "millisecond"];
  const count = ms / size;
  return count === 1 ? unit : `${String(count)} ${unit}s`;
};

const renderFields = (schema: JsonSchema): string => {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return "- nothing";
  return fields
    .map(([name, field]) => {
      const optional = schema.required?.includes(name) === true ? "" : "?";
      const about = field.description === undefined ? "" : `: ${field.description}`;
      return `- \`${name}${optional}\` ${describe(field)}${about}`;
    })
    .join("\n");
};

const describe = (schema: JsonSchema): string => {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(describe).join(" or ");
  if (schema.type === "array") return `list of ${describe(schema.items ?? {})}`;
  if (schema.type === "object" && schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(([name, field]) => `${name}: ${describe(field)}`);
    return `{ ${fields.join(", ")} }`;
  }
  return schema.type ?? "any value";
};
