import { useEffect, useRef, useState } from "preact/hooks";
import type { AskForProof, Firekeep, Needed, StepUp } from "../../../client/src/index.ts";
import { ProofForm } from "./proof-form.tsx";

interface Question {
  readonly needed: Needed;
  readonly answer: (proof: StepUp | undefined) => void;
}

export interface StepUpState {
  readonly question: Question | undefined;
  readonly ask: AskForProof;
}

/** Lets any action ask for a second factor and wait for the answer. */
export const useStepUp = (): StepUpState => {
  const [question, setQuestion] = useState<Question>();
  const ask: AskForProof = (needed) =>
    new Promise((resolve) =>
      setQuestion({
        needed,
        answer: (proof) => {
          setQuestion(undefined);
          resolve(proof);
        },
      }),
    );
  return { question, ask };
};

export const StepUpDialog = ({ state: { question }, firekeep }: { state: StepUpState; firekeep: Firekeep }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (question === undefined) dialog.current?.close();
    else dialog.current?.showModal();
  }, [question]);
  return (
    <dialog ref={dialog} aria-labelledby="step-up-title" onCancel={() => question?.answer(undefined)}>
      <h2 id="step-up-title">Please confirm it is you</h2>
      {question !== undefined && (
        <ProofForm
          firekeep={firekeep}
          needed={question.needed}
          onProof={(proof) => {
            question.answer(proof);
            return Promise.resolve();
          }}
          onCancel={() => question.answer(undefined)}
        />
      )}
    </dialog>
  );
};
