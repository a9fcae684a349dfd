import { encodeTuple } from "../../kernel/bytes.js";
import type { IndexRoot } from "./index-root.js";

export const deriveKeyedHash = async (
  deps: { indexRoot: IndexRoot },
  label: string,
  value: string | Uint8Array,
): Promise<Uint8Array> => {
  const keys = deps.indexRoot.held() ?? (await deps.indexRoot.warm());
  return keys.hash(encodeTuple(["keyed-hash", label]).toString("latin1"), value);
};
