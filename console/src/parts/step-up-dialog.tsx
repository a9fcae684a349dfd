import { useEffect, useRef, useState } from "preact/hooks";
import type { AskForCode, StepUp } from "../../../client/src/index.ts";
import { codeInput } from "./code-input.tsx";
import { textOf } from "./form.ts";

interface Question {
  readonly answer: (code: StepUp | undefined) => void;
}

export interface StepUpState {
  readonly question: Question | undefined;
  readonly ask: AskForCode;
}

/** Lets any action ask for a second factor and wait for the answer. */
export const useStepUp = (): StepUpState => {
  const [question, setQuestion] = useState<Question>();
  const ask: AskForCode = () =>
    new Promise((resolve) =>
      setQuestion({
        answer: (code) => {
          setQuestion(undefined);
          resolve(code);
        },
      }),
    );
  return { question, ask };
};

export const StepUpDialog = ({ state: { question } }: { state: StepUpState }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (question === undefined) dialog.current?.close();
    else dialog.current?.showModal();
  }, [question]);
  const submit = (event: SubmitEvent) => {
    const code = textOf(event, "code");
    question?.answer({ method: /^\d{6}$/.test(code) ? "totp" : "backup-code", code });
  };
  return (
    <dialog ref={dialog} aria-labelledby="step-up-title" onCancel={() => question?.answer(undefined)}>
      <h2 id="step-up-title">Please confirm it is you</h2>
      {question !== undefined && (
        <form onSubmit={submit}>
          {codeInput()}
          <div class="row">
            <button type="submit">Confirm</button>
            <button type="button" class="quiet" onClick={() => question.answer(undefined)}>
              Cancel
            </button>
          </div>
        </form>
      )}
    </dialog>
  );
};
