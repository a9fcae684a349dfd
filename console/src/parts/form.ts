import { useState } from "preact/hooks";
import { sentence } from "../words.ts";

/** One action at a time: its state, and the sentence of its failure. */
export const useAction = () => {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const fail = (error: unknown): void => setProblem(sentence(error));
  const run = async (action: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await action();
    } catch (error) {
      fail(error);
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run, fail };
};

export const textOf = (event: SubmitEvent, name: string): string => {
  event.preventDefault();
  const value = new FormData(event.currentTarget as HTMLFormElement).get(name);
  return typeof value === "string" ? value.trim() : "";
};
