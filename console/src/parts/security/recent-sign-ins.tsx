import { useEffect, useState } from "preact/hooks";
import type { Output } from "../../../../client/src/index.ts";
import type { Own } from "../../pages/security.tsx";
import { country, reason, when } from "../../words.ts";
import { useAction } from "../form.ts";
import { Badge, Empty, Panel, Problem } from "../panel.tsx";

type SignIn = Output<"identity-signin-list">["signIns"][number];

const TONES = { allowed: "low", challenged: "medium", refused: "high" } as const;

/** Refused sign-ins too, so that a person finds one that was not theirs. */
export const RecentSignIns = ({ backend: { firekeep } }: Own) => {
  const [signIns, setSignIns] = useState<readonly SignIn[]>();
  const action = useAction();
  useEffect(() => {
    void action.run(async () => setSignIns((await firekeep.call("identity-signin-list", {})).signIns));
  }, []);
  return (
    <Panel id="recent" title="Recent sign-ins" note="One that was not you? End it, then change your password.">
      {signIns?.length === 0 && <Empty>None.</Empty>}
      {signIns !== undefined && signIns.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Recent sign-ins">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Outcome</th>
                <th scope="col">From</th>
              </tr>
            </thead>
            <tbody>
              {signIns.map((signIn) => (
                <SignInRow key={signIn.at} signIn={signIn} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Problem text={action.problem} />
    </Panel>
  );
};

const SignInRow = ({ signIn }: { signIn: SignIn }) => (
  <tr>
    <td>{when(signIn.at)}</td>
    <td>
      <Badge tone={TONES[signIn.outcome]}>{signIn.outcome}</Badge>
    </td>
    <td>
      {country(signIn.country)}
      <span class="meta">
        {signIn.device} · {signIn.network === "" ? signIn.networkPrefix : signIn.network}
      </span>
      {signIn.reasons.length > 0 && <span class="meta">{signIn.reasons.map(reason).join("; ")}</span>}
    </td>
  </tr>
);
