import type { Matcher } from "./match-field.js";

/**
 * A Sigma condition over named selections as a closure: `and`, `or`, `not`, parentheses, `1 of name*`, `all of name*`,
 * `1 of them`, `all of them`. `not` binds closest, then `and`. Selections that start with `_` are not part of `them`.
 *
 * @throws Error with the first fault
 */
export const parseCondition = (condition: string, selections: ReadonlyMap<string, Matcher>): Matcher => {
  const tokens = condition.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const peek = () => tokens[at]?.toLowerCase();
  const take = () => tokens[at++];

  const either = (): Matcher => {
    const parts = [both()];
    while (peek() === "or") parts.push((take(), both()));
    return (event) => parts.some((part) => part(event));
  };
  const both = (): Matcher => {
    const parts = [negated()];
    while (peek() === "and") parts.push((take(), negated()));
    return (event) => parts.every((part) => part(event));
  };
  const negated = (): Matcher => {
    if (peek() !== "not") return single();
    take();
    const part = negated();
    return (event) => !part(event);
  };
  const single = (): Matcher => {
    const token = take();
    if (token === undefined) throw new Error("the condition ends too early");
    if (token === "(") return closed(either());
    if (peek() === "of" && (token === "1" || token === "any" || token === "all")) return quantified(token);
    return named(token);
  };
  const closed = (inner: Matcher): Matcher => {
    if (take() !== ")") throw new Error("the condition has an open parenthesis");
    return inner;
  };
  const quantified = (quantity: string): Matcher => {
    take();
    const parts = matching(take() ?? "", selections);
    return quantity === "all"
      ? (event) => parts.every((part) => part(event))
      : (event) => parts.some((part) => part(event));
  };
  const named = (name: string): Matcher => {
    const selection = selections.get(name);
    if (selection === undefined) throw new Error(`the condition names "${name}", which is not defined`);
    return selection;
  };

  const whole = either();
  if (at < tokens.length) throw new Error(`the condition does not go on with "${tokens[at] ?? ""}"`);
  return whole;
};

const matching = (name: string, selections: ReadonlyMap<string, Matcher>): Matcher[] => {
  const fits = name === "them" ? (key: string) => !key.startsWith("_") : (key: string) => glob(name, key);
  const found = [...selections].filter(([key]) => fits(key)).map(([, matcher]) => matcher);
  if (found.length === 0) throw new Error(`the condition asks for "${name}", which fits no selection`);
  return found;
};

const glob = (name: string, key: string): boolean =>
  name.endsWith("*") ? key.startsWith(name.slice(0, -1)) : key === name;
