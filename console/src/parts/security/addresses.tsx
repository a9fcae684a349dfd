import { useEffect, useState } from "preact/hooks";
import { withStepUp, type Output } from "../../../../client/src/index.ts";
import type { Own } from "../../pages/security.tsx";
import { when } from "../../words.ts";
import { MailCode } from "../code-sign-in.tsx";
import { textOf, useAction } from "../form.ts";
import { Badge, Empty, Panel, Problem } from "../panel.tsx";

type Addresses = Output<"identity-address-list">["addresses"];

/** Further addresses: all are told of every change, and they help when everything else is lost. */
export const Addresses = ({ backend: { firekeep }, ask }: Own) => {
  const [addresses, setAddresses] = useState<Addresses>();
  const [challenge, setChallenge] = useState<string>();
  const action = useAction();
  const read = async () => setAddresses((await firekeep.call("identity-address-list", {})).addresses);
  useEffect(() => void action.run(read), []);
  const add = (event: SubmitEvent) => {
    const email = textOf(event, "email");
    void action.run(async () => {
      const sent = await withStepUp((stepUp) => firekeep.call("identity-address-add", { email }, { stepUp }), ask);
      setChallenge(sent.challenge);
      await read();
    });
  };
  const confirm = (event: SubmitEvent) => {
    const code = textOf(event, "code");
    void action.run(async () => {
      await firekeep.call("identity-address-confirm", { challenge: challenge ?? "", code });
      setChallenge(undefined);
      await read();
    });
  };
  const remove = (id: string) =>
    action.run(async () => {
      await withStepUp((stepUp) => firekeep.call("identity-address-remove", { id }, { stepUp }), ask);
      await read();
    });
  return (
    <Panel
      id="addresses"
      title="Recovery addresses"
      note="All of them are told when something changes, and they help when you cannot sign in any more."
    >
      {addresses?.length === 0 && <Empty>None yet: add one that you do not read on the same device.</Empty>}
      <ul class="cards">
        {addresses?.map(({ id, address, confirmed, addedAt }) => (
          <li key={id}>
            <strong>{address}</strong> {!confirmed && <Badge tone="medium">not confirmed</Badge>}
            <span class="meta">added {when(addedAt)}</span>
            <button
              type="button"
              class="quiet"
              disabled={action.busy}
              onClick={() => void remove(id)}
              aria-label={`Remove the address ${address}`}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      {challenge === undefined ? (
        <form key="add" class="inline" onSubmit={add}>
          <label>
            Another address
            <input name="email" type="email" autocomplete="off" required />
          </label>
          <button type="submit" disabled={action.busy}>
            Add
          </button>
        </form>
      ) : (
        <form key="confirm" class="inline" onSubmit={confirm}>
          <MailCode />
          <button type="submit" disabled={action.busy}>
            Confirm
          </button>
        </form>
      )}
      <Problem text={action.problem} />
    </Panel>
  );
};
