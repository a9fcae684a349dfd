import { provideFactor, type StepUp } from "../../../client/src/index.ts";
import type { Security } from "../app.tsx";
import type { Backend } from "../backend.ts";
import { ProofForm } from "../parts/proof-form.tsx";
import { RiskMailCode } from "../parts/risk-mail-code.tsx";
import { reason } from "../words.ts";

interface Props {
  readonly backend: Backend;
  readonly security: Security;
  readonly onDone: () => Promise<void>;
  readonly onLeave: () => void;
}

/** Shown instead of everything else while the session needs its second factor. */
export const SecondFactorPage = ({ backend: { firekeep }, security, onDone, onLeave }: Props) => {
  const { reasons } = security.session;
  const show = async (proof: StepUp) => {
    await provideFactor(firekeep, proof);
    await onDone();
  };
  return (
    <main class="centre">
      <div class="card">
        <h1>Second factor</h1>
        {reasons.length > 0 && (
          <>
            <p>This sign-in looks unusual:</p>
            <ul>
              {reasons.map((name) => (
                <li key={name}>{reason(name)}</li>
              ))}
            </ul>
          </>
        )}
        {security.methods.includes("email-code") && <RiskMailCode firekeep={firekeep} onDone={onDone} />}
        <ProofForm
          firekeep={firekeep}
          needed={{ scope: "any", methods: security.methods }}
          onProof={show}
          onCancel={onLeave}
          cancel="Sign out"
        />
        {!security.methods.includes("email-code") && <a href="#/recover">I have lost my second factor</a>}
      </div>
    </main>
  );
};
