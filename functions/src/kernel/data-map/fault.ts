/** One thing wrong with a data map: where, such as `collections.profiles.fields.email`, and what to do about it. */
export interface Fault {
  readonly path: string;
  readonly says: string;
}

export type Tell = (path: string, says: string) => void;

/** The one error a wrong data map makes. It is for operators: its message names collections and fields, no data. */
export const dataMapError = (faults: readonly Fault[]): Error & { readonly faults: readonly Fault[] } => {
  const count = faults.length === 1 ? "1 fault" : `${String(faults.length)} faults`;
  const lines = faults.map(({ path, says }) => `  ${path}: ${says}`);
  const error = new Error(`The data map has ${count} and was not loaded:\n${lines.join("\n")}`);
  return Object.assign(error, { name: "DataMapError", faults });
};
