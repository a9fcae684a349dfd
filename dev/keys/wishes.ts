import { parseArgs } from "node:util";
import { setupError } from "../setup/say.mjs";

export type KekVerb = "new" | "disable" | "enable" | "destroy" | "restore";

/** What the command line wishes. */
export type Wish = { readonly project?: string } & (
  | { readonly verb: "status" | "cost" | "rewrap" | "reseal" }
  | { readonly verb: "rotate-data" }
  | { readonly verb: "rotate-index"; readonly phase: "prepare" | "switch" | "finish"; readonly lose: number }
  | { readonly verb: "retire"; readonly yes: boolean; readonly lose: number }
  | {
      readonly verb: "kek";
      readonly act: KekVerb;
      readonly key: string;
      readonly version?: string;
      readonly yes: boolean;
    }
);

const USAGE = `say what to do:
  npm run keys -- status                                  how old keys are, how far rotations are
  npm run keys -- cost                                    what they cost, and what a rotation would
  npm run keys -- rotate data                             a new epoch of data keys; everything is resealed
  npm run keys -- rotate index prepare|switch|finish      a new root of blind indexes, in three phases
  npm run keys -- rewrap | reseal                         goes over everything once more
  npm run keys -- retire --yes                            destroys data keys of older epochs
  npm run keys -- kek new KEY                             a new version of a KMS key, which encrypts from now on
  npm run keys -- kek disable|enable|restore KEY VERSION
  npm run keys -- kek destroy KEY VERSION --yes           once nothing is wrapped by it
KEY is red, amber, vault or index, with @LOCATION where it is not at home. --lose N: of documents that cannot be opened,
N may be given up (retire, finish). --project ID: a project, with your own Google credentials.`;

/** Throws a sentence for people when it is not whole. */
export const readWish = (args: readonly string[]): Wish => {
  const options = { project: { type: "string" }, lose: { type: "string" }, yes: { type: "boolean" } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false });
  const project = typeof values.project === "string" ? { project: values.project } : {};
  const rest = { lose: countIn(values.lose), yes: values.yes === true };
  const wish = wishOf(positionals, rest);
  if (wish === undefined) throw setupError(USAGE);
  return { ...wish, ...project };
};

const wishOf = (words: readonly string[], { lose, yes }: { lose: number; yes: boolean }): Wish | undefined => {
  const [verb, first, second, third, ...more] = words;
  if (more.length > 0) return undefined;
  if (verb === "kek") return kekWish({ act: first, key: second, version: third, yes });
  if (third !== undefined) return undefined;
  if (verb === "rotate" && first === "index" && isPhase(second)) return { verb: "rotate-index", phase: second, lose };
  if (second !== undefined) return undefined;
  if (verb === "rotate" && first === "data") return { verb: "rotate-data" };
  if (first !== undefined) return undefined;
  if (verb === "retire") return { verb, yes, lose };
  return verb === "status" || verb === "cost" || verb === "rewrap" || verb === "reseal" ? { verb } : undefined;
};

const kekWish = ({
  act,
  key,
  version,
  yes,
}: {
  act: string | undefined;
  key: string | undefined;
  version: string | undefined;
  yes: boolean;
}): Wish | undefined => {
  if (key === undefined || !/^(red|amber|vault|index)(@[a-z0-9-]+)?$/.test(key)) return undefined;
  if (act === "new") return version === undefined ? { verb: "kek", act, key, yes } : undefined;
  if (act !== "disable" && act !== "enable" && act !== "destroy" && act !== "restore") return undefined;
  return version !== undefined && /^[1-9]\d*$/.test(version) ? { verb: "kek", act, key, version, yes } : undefined;
};

const isPhase = (word: string | undefined): word is "prepare" | "switch" | "finish" =>
  word === "prepare" || word === "switch" || word === "finish";

const countIn = (text: unknown): number => {
  if (text === undefined) return 0;
  if (typeof text === "string" && /^\d+$/.test(text)) return Number(text);
  throw setupError("--lose takes the number of documents that may be given up.");
};
