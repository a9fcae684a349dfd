/**
 * JSON with keys in code-unit order and no spaces, as the server writes it: what a device proof hashes.
 *
 * @throws TypeError for what JSON does not have (functions, symbols, NaN)
 */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) return objectJson(value);
  const isScalar = value === null || typeof value === "boolean" || typeof value === "string" || Number.isFinite(value);
  if (!isScalar)
    throw new TypeError(`canonical JSON has no ${typeof value === "number" ? String(value) : typeof value}`);
  return JSON.stringify(value);
};

const objectJson = (value: object): string => {
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${canonicalJson(item)}`).join(",")}}`;
};
