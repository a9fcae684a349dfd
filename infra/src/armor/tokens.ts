import { fail } from "./language.ts";

export interface Cursor {
  readonly peek: () => string | undefined;
  readonly next: () => string;
  /** Takes the token if it is next, and says whether it was. */
  readonly accept: (token: string) => boolean;
  readonly expect: (token: string) => void;
  /** Refuses whatever is left. */
  readonly end: () => void;
}

export const cursorOver = (source: string): Cursor => {
  const tokens = tokenize(source);
  let position = 0;
  const next = (): string => tokens[position++] ?? fail("ends too early");
  return {
    peek: () => tokens[position],
    next,
    accept: (token) => {
      const found = tokens[position] === token;
      if (found) position += 1;
      return found;
    },
    expect: (token) => {
      const found = next();
      if (found !== token) fail(`has "${found}" where "${token}" belongs`);
    },
    end: () => {
      const left = tokens[position];
      if (left !== undefined) fail(unexpected(left));
    },
  };
};

export const isString = (token: string): boolean => /^[rR]?['"]/.test(token);

/** What a string token stands for. `R'…'` takes backslashes as they are. */
export const unquote = (token: string): string => {
  const raw = /^[rR]/.test(token);
  const body = token.slice(raw ? 2 : 1, -1);
  return raw ? body : body.replace(/\\(.)/g, "$1");
};

const STRING = String.raw`[rR]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")`;
const WORD = "[A-Za-z_][A-Za-z0-9_]*";
const SIGN = String.raw`&&|\|\||[=!<>]=|[!<>+()[\]{}.,:]`;
const TOKEN = new RegExp(String.raw`\s*(${STRING}|${WORD}|[0-9]+|${SIGN})`, "y");

const tokenize = (source: string): string[] => {
  if (/[\n\r]/.test(source)) fail("holds a line break"); // the API refuses it
  const text = source.trimEnd();
  const tokens: string[] = [];
  let position = 0;
  while (position < text.length) {
    TOKEN.lastIndex = position;
    const token = TOKEN.exec(text)?.[1] ?? fail(unexpected(text.slice(position).trimStart().charAt(0)));
    tokens.push(token);
    position = TOKEN.lastIndex;
  }
  return tokens;
};

const unexpected = (token: string): string =>
  ["in", "?", "-", "*", "/", "%"].includes(token)
    ? `uses "${token}", which the language does not have`
    : `has "${token}" where nothing more belongs`;
