import { createUserWithEmailAndPassword } from "firebase/auth";
import type { Step } from "./step.ts";
import { StoryError } from "./scene.ts";

export const signUp: Step = {
  title: "A new person signs up",
  run: async ({ ann, observe }, { see, hold }) => {
    const throwaway = "ann@mailinator.com";
    const refusal = await ann
      .act(() => createUserWithEmailAndPassword(ann.auth, throwaway, ann.password))
      .then(
        () => undefined,
        (error: unknown) => error as Error,
      );
    if (refusal === undefined) throw new StoryError("a disposable address was accepted");
    see("a disposable address", refusal.message.slice(0, 160));
    hold(
      "the blocking trigger refuses a disposable address, and no account is made",
      (await observe.account(throwaway)) === undefined,
    );
    await ann.act(() => createUserWithEmailAndPassword(ann.auth, ann.email, ann.password));
    const account = await observe.account(ann.email);
    hold("a good address gets an account", account !== undefined);
  },
};
