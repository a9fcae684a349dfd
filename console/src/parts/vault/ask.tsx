import { useState } from "preact/hooks";
import { approve, type Input } from "../../../../client/src/index.ts";
import type { Own } from "../../pages/security.tsx";
import { when } from "../../words.ts";
import { textOf, useAction } from "../form.ts";
import { Panel, Problem } from "../panel.tsx";
import { LEGAL_BASES, PURPOSES, SILENT } from "./purposes.ts";
import type { Vault } from "./use-requests.ts";

type Asking = Input<"encryption-vault-request">;

/** Asks to see fields of one document. Another officer must agree. */
export const Ask = ({ backend: { firekeep }, ask, vault }: Own & { vault: Vault }) => {
  const action = useAction();
  const [until, setUntil] = useState<number>();
  const request = (event: SubmitEvent) => {
    const input = askingOf(event);
    void action.run(async () => {
      setUntil(undefined);
      const { expiresAt } = await approve(firekeep, { id: "encryption-vault-request", input }, ask);
      setUntil(expiresAt);
      await vault.refresh();
    });
  };
  return (
    <Panel id="ask" title="Ask to see data" note="The person is told when it is opened, with the purpose you name.">
      <form class="stack" onSubmit={request}>
        <Text name="collection" label="Collection" hint="Its name in the data map" />
        <Text name="document" label="Document" hint="Such as uid=…, as the collection's path has it" />
        <Text name="fields" label="Fields" hint="With spaces between" />
        <Choice name="purpose" label="Purpose" options={PURPOSES} />
        <Choice name="legalBasis" label="Legal basis" options={LEGAL_BASES} />
        <label>
          Reason
          <input name="reason" required minLength={10} maxLength={500} autocomplete="off" />
        </label>
        <Choice name="silent" label="The person is told" options={{ "": "At once", ...SILENT }} />
        <button type="submit" disabled={action.busy}>
          Ask
        </button>
      </form>
      {until !== undefined && <p role="status">Asked. Another officer must agree before {when(until)}.</p>}
      <Problem text={action.problem} />
    </Panel>
  );
};

const Text = ({ name, label, hint }: { name: string; label: string; hint: string }) => (
  <label>
    {label}
    <input name={name} placeholder={hint} required maxLength={500} autocomplete="off" spellcheck={false} />
  </label>
);

const Choice = ({
  name,
  label,
  options,
}: {
  name: string;
  label: string;
  options: Readonly<Record<string, string>>;
}) => (
  <label>
    {label}
    <select name={name}>
      {Object.entries(options).map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

const askingOf = (event: SubmitEvent): Asking => {
  const words = (name: string) => textOf(event, name).split(/\s+/u);
  const params = words("document").map((pair) => {
    const [variable = "", ...value] = pair.split("=");
    return [variable, value.join("=")];
  });
  const silent = textOf(event, "silent");
  return {
    collection: textOf(event, "collection"),
    params: Object.fromEntries(params) as Asking["params"],
    fields: words("fields"),
    // The select offers nothing else, and the server takes nothing else.
    purpose: textOf(event, "purpose") as Asking["purpose"],
    legalBasis: textOf(event, "legalBasis") as Asking["legalBasis"],
    reason: textOf(event, "reason"),
    ...(silent !== "" && { silent: silent as NonNullable<Asking["silent"]> }),
  };
};
