import { parseExpression } from "../src/armor/expression.ts";
import type { Expression } from "../src/armor/language.ts";
import { inRange } from "../src/armor/range.ts";
import type { ArmorPolicy, ArmorRule } from "../src/armor/rules.ts";

/** A request as Cloud Armor sees it. Header names are lower case. */
export interface ArmorRequest {
  readonly ip: string;
  readonly region: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The rule that decides a request of a client within its rates. Preconfigured rule sets are taken not to match. */
export const decide = (policy: ArmorPolicy, request: ArmorRequest): ArmorRule => {
  const rules = policy.rules.filter(({ preview }) => preview !== true).toSorted((a, b) => a.priority - b.priority);
  const rule = rules.find(({ match }) => match === "*" || matches(match, request));
  if (rule === undefined) throw new Error("no rule decides");
  return rule;
};

/** An expression that fails (an absent header) does not match. */
const matches = (source: string, request: ArmorRequest): boolean => evaluate(parseExpression(source), request) === true;

type Value = boolean | string | number | undefined;

const evaluate = (tree: Expression, request: ArmorRequest): Value => {
  switch (tree.op) {
    case "literal":
      return tree.value;
    case "attribute":
      return { "origin.ip": request.ip, "origin.region_code": request.region, "request.path": request.path }[tree.name];
    case "entry":
      return request.headers[tree.key];
    case "has":
      return request.headers[tree.key] !== undefined;
    case "not": {
      const value = evaluate(tree.on, request);
      return value === undefined ? undefined : value !== true;
    }
    case "binary":
      return logic(tree.sign, evaluate(tree.left, request), evaluate(tree.right, request));
    case "method":
      return method(
        tree.name,
        evaluate(tree.on, request),
        tree.args[0] === undefined ? "" : evaluate(tree.args[0], request),
      );
    case "call":
      return tree.name === "inIpRange" ? inRange(request.ip, String(evaluate(tree.args[1] ?? tree, request))) : false;
    case "list":
    case "options":
      return undefined; // only arguments of what is not evaluated here
  }
};

/** CEL's and/or: a side that decides, decides, even when the other one failed. */
const logic = (sign: string, left: Value, right: Value): Value => {
  const decisive = sign === "||";
  if (left === decisive || right === decisive) return decisive;
  return left === undefined || right === undefined ? undefined : !decisive;
};

const method = (name: string, on: Value, argument: Value): Value => {
  if (typeof on !== "string" || typeof argument !== "string") return undefined;
  if (name === "lower") return on.toLowerCase();
  if (name === "urlDecode")
    return on.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (name === "matches") return new RegExp(argument).test(on);
  return undefined;
};
