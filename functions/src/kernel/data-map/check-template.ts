import type { Tell } from "./fault.js";
import { segmentsOf, variableOf } from "./paths.js";
import { RULES_WORDS } from "./rules/words.js";

/** Tells what is wrong with the segments of a document or folder template. */
export const checkTemplate = (at: string, template: string, tell: Tell): void => {
  const segments = segmentsOf(template);
  for (const segment of segments) {
    if (segment === "{}") tell(at, "a variable needs a name, such as {uid}");
    else if (segment.includes("{") || segment.includes("}")) checkVariable(at, segment, tell);
    else if (!/^[A-Za-z0-9][\w-]*$/.test(segment)) {
      tell(at, `segment "${segment}" must be letters, digits, _ and -, and begin with a letter or digit`);
    }
  }
  const names = segments.map(variableOf).filter((name) => name !== undefined);
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
    tell(at, `the variable {${name}} is there twice; give each its own name`);
  }
};

const checkVariable = (at: string, segment: string, tell: Tell): void => {
  const name = variableOf(segment);
  if (name === undefined)
    return void tell(at, `"${segment}" is not a whole variable; write it as a segment of its own, such as {uid}`);
  if (RULES_WORDS.has(name)) tell(at, `{${name}} is a word of the rules; choose another name`);
};
