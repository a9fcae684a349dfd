import { FirekeepError } from "../error.ts";

export const altered = (cause?: unknown): FirekeepError =>
  new FirekeepError("client/sealed-altered", "This was altered, cut short, or does not belong here.", {}, cause);

/** For `.catch`: what a cipher refuses was altered. */
export const refuseAltered = (cause: unknown): never => {
  throw altered(cause);
};

export const wrongKey = (): FirekeepError =>
  new FirekeepError("client/sealed-key-wrong", "This was sealed under another key.", {}, undefined);
