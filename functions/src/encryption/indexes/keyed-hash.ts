import { encodeTuple } from "../../kernel/bytes.js";
import type { IndexRoot } from "./index-root.js";

export const deriveKeyedHash = async (
  deps: { indexRoot: IndexRoot },
  label: string,
  value: string | Uint8Array,
): Promise<Uint8Array> => {
  const { first } = deps.indexRoot.held() ?? (await deps.indexRoot.warm());
  return first.hash(encodeTuple(["keyed-hash", label]).toString("latin1"), value);
};
