/** Values of a template's variables, such as `{ uid: "u1" }`. */
export type PathParams = Readonly<Record<string, string>>;

/**
 * The variables of `path` under `template`, or undefined when it does not match.
 * Templates are `profiles/{uid}` for documents, `photos/{uid}/` for folders; a folder matches every object below it.
 */
export const matchPath = (template: string, path: string): PathParams | undefined => {
  const isFolder = template.endsWith("/");
  const wanted = segmentsOf(template);
  const given = path.split("/");
  if (isFolder ? given.length <= wanted.length : given.length !== wanted.length) return undefined;
  if (given.some((segment, index) => segment === "" && index < wanted.length)) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index];
    const variable = variableOf(segment);
    if (value === undefined || (variable === undefined && value !== segment)) return undefined;
    if (variable !== undefined) params[variable] = value;
  }
  return params;
};

/** The path that `template` makes with `params`. Throws TypeError when a value is missing, empty or more than one segment. */
export const fillPath = (template: string, params: PathParams): string =>
  template.replace(VARIABLE, (_, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined || value === "" || value.includes("/") || value === "." || value === "..") {
      throw new TypeError(`The path ${template} needs a value for {${name}} that is one segment`);
    }
    return value;
  });

/** Collection id of a document template's last collection: `messages` of `chats/{chat}/messages/{message}`. */
export const groupOf = (template: string): string => segmentsOf(template).at(-2) ?? "";

/** Names of a template's variables, in order. */
export const variablesOf = (template: string): readonly string[] =>
  segmentsOf(template)
    .map(variableOf)
    .filter((name) => name !== undefined);

/** Segments of a template; a folder's ending `/` is not one. */
export const segmentsOf = (template: string): readonly string[] => template.replace(/\/$/, "").split("/");

/** The name in a segment that is a variable as a whole; undefined for every other segment. */
export const variableOf = (segment: string): string | undefined => /^\{([A-Za-z]\w*)\}$/.exec(segment)?.[1];

/** Whether some path matches both templates, of which neither is a folder or both are (then one may lie in the other). */
export const overlaps = (one: string, other: string): boolean => {
  const [a, b] = [segmentsOf(one), segmentsOf(other)];
  if (!one.endsWith("/") && a.length !== b.length) return false;
  return a.slice(0, b.length).every((segment, index) => {
    const opposite = b[index] ?? "";
    return segment === opposite || variableOf(segment) !== undefined || variableOf(opposite) !== undefined;
  });
};

const VARIABLE = /\{(\w+)\}/g;
