/**
 * Cloud Armor's rules language, what its reference lists: a subset of CEL without `in`, `?:`, arithmetic and macros.
 * https://docs.cloud.google.com/armor/docs/rules-language-reference
 */
export type Kind = "bool" | "string" | "int" | "map" | "list";

export type Expression =
  | { readonly op: "literal"; readonly kind: Kind; readonly value: string | number | boolean }
  | { readonly op: "attribute"; readonly kind: Kind; readonly name: string }
  | { readonly op: "entry"; readonly kind: "string"; readonly of: string; readonly key: string }
  | { readonly op: "has"; readonly kind: "bool"; readonly of: string; readonly key: string }
  | { readonly op: "not"; readonly kind: "bool"; readonly on: Expression }
  | { readonly op: "list"; readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly op: "options"; readonly kind: "map"; readonly entries: readonly (readonly [string, Expression])[] }
  | { readonly op: "call"; readonly kind: Kind; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly op: "method";
      readonly kind: Kind;
      readonly name: string;
      readonly on: Expression;
      readonly args: readonly Expression[];
    }
  | {
      readonly op: "binary";
      readonly kind: Kind;
      readonly sign: string;
      readonly left: Expression;
      readonly right: Expression;
    };

export class ExpressionFault extends Error {
  override readonly name = "ExpressionFault";
}

export const fail = (reason: string): never => {
  throw new ExpressionFault(reason);
};

const ORDERINGS = ["<=", ">=", "<", ">"];
export const RELATIONS = ["==", "!=", ...ORDERINGS];

const ATTRIBUTES = new Map<string, Kind>([
  ["origin.ip", "string"],
  ["origin.user_ip", "string"],
  ["origin.region_code", "string"],
  ["origin.asn", "int"],
  ["origin.tls_ja3_fingerprint", "string"],
  ["origin.tls_ja4_fingerprint", "string"],
  ["request.headers", "map"],
  ["request.method", "string"],
  ["request.path", "string"],
  ["request.scheme", "string"],
  ["request.query", "string"],
]);

interface Signature {
  /** Every form of the arguments, each a list of kinds. */
  readonly forms: readonly string[];
  readonly returns: Kind;
}

const TEXT_TEST: Signature = { forms: ["string"], returns: "bool" };
const TEXT_MAP: Signature = { forms: [""], returns: "string" };

const METHODS = new Map<string, Signature>([
  ["contains", TEXT_TEST],
  ["startsWith", TEXT_TEST],
  ["endsWith", TEXT_TEST],
  ["matches", TEXT_TEST],
  ["lower", TEXT_MAP],
  ["upper", TEXT_MAP],
  ["base64Decode", TEXT_MAP],
  ["urlDecode", TEXT_MAP],
  ["urlDecodeUni", TEXT_MAP],
  ["utf8ToUnicode", TEXT_MAP],
  ["size", { forms: [""], returns: "int" }],
]);

/** What only the Enterprise tier has (threat intelligence, address groups, automatic deployment) is left out. */
const FUNCTIONS = new Map<string, Signature>([
  ["inIpRange", { forms: ["string, string"], returns: "bool" }],
  ["int", { forms: ["string"], returns: "int" }],
  ["evaluatePreconfiguredWaf", { forms: ["string", "string, map"], returns: "bool" }],
]);

export const hasAttribute = (name: string): boolean => ATTRIBUTES.has(name);

export const attributeKind = (name: string): Kind => ATTRIBUTES.get(name) ?? fail(`knows no attribute "${name}"`);

export const method = (on: Expression, name: string, args: readonly Expression[]): Expression => {
  const signature = METHODS.get(name) ?? fail(`knows no method "${name}"`);
  if (on.kind !== "string") fail(`calls ${name}() on a ${on.kind}`);
  checkArguments(name, signature, args);
  return { op: "method", kind: signature.returns, name, on, args };
};

export const call = (name: string, args: readonly Expression[]): Expression => {
  const signature = FUNCTIONS.get(name) ?? fail(`knows no function "${name}"`);
  checkArguments(name, signature, args);
  return { op: "call", kind: signature.returns, name, args };
};

const checkArguments = (name: string, { forms }: Signature, args: readonly Expression[]): void => {
  const given = args.map(({ kind }) => kind).join(", ");
  if (!forms.includes(given)) fail(`calls ${name}(${given}); it takes (${forms.join(") or (")})`);
};

export const binary = (sign: string, left: Expression, right: Expression): Expression => {
  const logical = sign === "&&" || sign === "||";
  if (left.kind !== right.kind) fail(`compares a ${left.kind} with a ${right.kind} by "${sign}"`);
  if (logical && left.kind !== "bool") fail(`joins a ${left.kind} by "${sign}"`);
  if (sign === "+" && left.kind !== "string") fail(`adds a ${left.kind}: "+" only joins strings`);
  if (ORDERINGS.includes(sign) && left.kind !== "int") fail(`orders a ${left.kind} by "${sign}"`);
  return { op: "binary", kind: sign === "+" ? "string" : "bool", sign, left, right };
};

/** The name in `request.headers['name']`, from its token. */
export const headerKey = (token: string): string => {
  const key = /^['"](.*)['"]$/.exec(token)?.[1] ?? fail("looks up a header by something other than a string");
  return key === key.toLowerCase() ? key : fail(`asks for header "${key}": header names are lower case`);
};
