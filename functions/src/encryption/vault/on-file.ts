import { encryptionError } from "../errors.js";

/** @throws encryption/not-found naming the field that the stored document does not hold */
export const expectOnFile = (data: Readonly<Record<string, unknown>>, names: readonly string[]): void => {
  const tokens = data["_e"];
  const stored = typeof tokens === "object" && tokens !== null ? tokens : {};
  const missing = names.find((name) => !Object.hasOwn(stored, name));
  if (missing !== undefined) throw encryptionError("not-found", { details: { field: missing } });
};
