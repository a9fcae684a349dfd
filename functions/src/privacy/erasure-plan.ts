import { createHash } from "node:crypto";
import { canonicalJson } from "../kernel/canonical-json.js";
import type { Keep } from "../kernel/data-map/declaration.js";
import type { Collection, DataMap } from "../kernel/data-map/map.js";
import { isKeep } from "./erase-document.js";

/** One step of an erasure. A step is done page by page; its page is committed together with the job's place. */
export type ErasureStep =
  | { readonly do: "revoke" }
  | { readonly do: "collection"; readonly name: string; readonly action: string }
  | { readonly do: "folder"; readonly name: string; readonly action: string }
  | { readonly do: "destroy-keys" }
  | { readonly do: "scan" }
  | { readonly do: "forget-pseudonym" }
  | { readonly do: "delete-account" }
  | { readonly do: "sign-receipt" };

/** What stays, and why: GDPR Art. 17(3). */
export interface KeptPart {
  readonly part: string;
  readonly fields: readonly string[] | "all";
  readonly keep: Keep["keep"];
  readonly because: string;
  readonly days: number;
}

export interface ErasurePlan {
  readonly steps: readonly ErasureStep[];
  readonly kept: readonly KeptPart[];
}

/**
 * Made from the data map alone. Access goes first, so that nothing new comes in; then the app's data, then Firekeep's, then
 * the keys. What is needed to try again (pseudonym, account) goes only after a scan has found nothing.
 */
export const planErasure = (map: DataMap): ErasurePlan => {
  const collections = map.collections.filter(({ name, subject }) => subject.by !== "none" && !SPECIAL.has(name));
  const ordered = [...collections].sort((a, b) => rank(a) - rank(b));
  const folders = map.folders.filter(({ subject }) => subject.by !== "none");
  return {
    steps: [
      { do: "revoke" },
      ...ordered.map(({ name, erase }): ErasureStep => ({ do: "collection", name, action: actionOf(erase) })),
      ...folders.map(({ name, erase }): ErasureStep => ({ do: "folder", name, action: actionOf(erase) })),
      { do: "destroy-keys" },
      { do: "scan" },
      { do: "forget-pseudonym" },
      { do: "delete-account" },
      { do: "sign-receipt" },
    ],
    kept: [...ordered.flatMap(keptIn), ...folders.flatMap(({ name, erase }) => keptWhole(name, erase))],
  };
};

export const planHash = (plan: ErasurePlan): string => createHash("sha256").update(canonicalJson(plan)).digest("hex");

/** Wrapped keys and pseudonyms have steps of their own, which know when they may go. */
const SPECIAL = new Set(["dataKeys", "auditPseudonyms"]);

// Running jobs first, so that no export writes behind the erasure; sessions, factors and risk after the app's data.
const rank = ({ name, owner }: Collection): number => (name === "privacyJobs" ? 0 : owner === "app" ? 1 : 2);

const actionOf = (erase: Collection["erase"]): string => (isKeep(erase) ? "keep" : erase);

const keptWhole = (part: string, erase: Collection["erase"]): KeptPart[] =>
  isKeep(erase) ? [{ part, fields: "all", ...erase }] : [];

const keptIn = ({ name, erase, fields }: Collection): KeptPart[] => [
  ...keptWhole(name, erase),
  ...Object.values(fields).flatMap((field) =>
    isKeep(field.erase) ? [{ part: name, fields: [field.name], ...field.erase }] : [],
  ),
];
