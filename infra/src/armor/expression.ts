import {
  attributeKind,
  binary,
  call,
  type Expression,
  fail,
  hasAttribute,
  headerKey,
  type Kind,
  method,
  RELATIONS,
} from "./language.ts";
import { type Cursor, cursorOver, isString, unquote } from "./tokens.ts";

/**
 * Parses and type-checks a condition. CEL libraries accept far more than Cloud Armor does, so that only a parser of the
 * dialect itself can refuse the rest.
 *
 * @throws ExpressionFault with the first reason why it is none
 */
export const parseExpression = (source: string): Expression => {
  const at = cursorOver(source);
  const tree = either(at);
  at.end();
  return tree.kind === "bool" ? tree : fail(`is a ${tree.kind}, not a condition`);
};

/** The conditions that count towards Cloud Armor's limit: what `&&`, `||` and `!` join. */
export const conditions = (tree: Expression): Expression[] => {
  if (tree.op === "not") return conditions(tree.on);
  const joins = tree.op === "binary" && (tree.sign === "&&" || tree.sign === "||");
  return joins ? [...conditions(tree.left), ...conditions(tree.right)] : [tree];
};

/** The tree and everything below it. */
export const nodes = (tree: Expression): Expression[] => [tree, ...children(tree).flatMap(nodes)];

const children = (tree: Expression): readonly Expression[] => {
  if (tree.op === "not") return [tree.on];
  if (tree.op === "binary") return [tree.left, tree.right];
  if (tree.op === "method") return [tree.on, ...tree.args];
  if (tree.op === "call") return tree.args;
  if (tree.op === "list") return tree.items;
  if (tree.op === "options") return tree.entries.map(([, value]) => value);
  return [];
};

// One function a level of CEL's precedence, loosest first. `!` binds tighter than a comparison, as it reads in CEL.
const either = (at: Cursor): Expression => chain(at, "||", both);
const both = (at: Cursor): Expression => chain(at, "&&", comparison);
const comparison = (at: Cursor): Expression => {
  const left = sum(at);
  const sign = RELATIONS.find((relation) => at.accept(relation));
  return sign === undefined ? left : binary(sign, left, sum(at));
};
const sum = (at: Cursor): Expression => chain(at, "+", negation);
const negation = (at: Cursor): Expression => {
  if (!at.accept("!")) return member(at);
  const on = negation(at);
  return on.kind === "bool" ? { op: "not", kind: "bool", on } : fail(`applies "!" to a ${on.kind}`);
};
const member = (at: Cursor): Expression => {
  let on = primary(at);
  while (at.accept(".")) on = method(on, at.next(), argumentsOf(at));
  return on;
};

const chain = (at: Cursor, sign: string, operand: (at: Cursor) => Expression): Expression => {
  let left = operand(at);
  while (at.accept(sign)) left = binary(sign, left, operand(at));
  return left;
};

const primary = (at: Cursor): Expression => {
  const token = at.next();
  if (token === "(") return closed(at, either(at));
  if (token === "[") return { op: "list", kind: "list", items: until(at, "]", either) };
  if (token === "{") return { op: "options", kind: "map", entries: until(at, "}", option) };
  if (isString(token)) return { op: "literal", kind: "string", value: unquote(token) };
  if (/^[0-9]/.test(token)) return { op: "literal", kind: "int", value: Number(token) };
  if (token === "true" || token === "false") return { op: "literal", kind: "bool", value: token === "true" };
  if (token === "has") return headerCheck(at);
  return at.peek() === "(" ? call(token, argumentsOf(at)) : attribute(at, token);
};

const argumentsOf = (at: Cursor): Expression[] => {
  at.expect("(");
  return until(at, ")", either);
};

const until = <T>(at: Cursor, end: string, item: (at: Cursor) => T): T[] => {
  const items: T[] = [];
  while (!at.accept(end)) {
    if (items.length > 0) at.expect(",");
    items.push(item(at));
  }
  return items;
};

const closed = <T>(at: Cursor, inner: T): T => {
  at.expect(")");
  return inner;
};

const option = (at: Cursor): readonly [string, Expression] => {
  const key = at.next();
  at.expect(":");
  return [unquote(key), either(at)];
};

const attribute = (at: Cursor, first: string): Expression => {
  let name = first;
  while (!hasAttribute(name) && at.accept(".")) name += `.${at.next()}`;
  const kind = attributeKind(name);
  return at.accept("[") ? entry(at, name, kind) : { op: "attribute", kind, name };
};

const entry = (at: Cursor, of: string, kind: Kind): Expression => {
  if (kind !== "map") fail(`looks up a key in ${of}, which has none`);
  const key = headerKey(at.next());
  at.expect("]");
  return { op: "entry", kind: "string", of, key };
};

/** `has()` with a key in brackets is not standard CEL; in Cloud Armor it is how to ask for a header. */
const headerCheck = (at: Cursor): Expression => {
  at.expect("(");
  const inner = closed(at, primary(at));
  if (inner.op !== "entry") return fail("calls has() with something other than request.headers['name']");
  return { op: "has", kind: "bool", of: inner.of, key: inner.key };
};
