import { useState } from "preact/hooks";
import { withStepUp, type Output } from "../../../../client/src/index.ts";
import type { Own } from "../../pages/security.tsx";
import { when } from "../../words.ts";
import { BackupCodes } from "./backup-codes.tsx";
import { textOf, useAction } from "../form.ts";
import { Badge, Panel, Problem } from "../panel.tsx";

type Enrolment = Output<"identity-totp-enrol">;

export const Factors = ({ backend, security, onChange, ask }: Own) => {
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [codes, setCodes] = useState<readonly string[]>();
  const action = useAction();
  const { firekeep } = backend;
  const { totp, backupCodes } = security.factors;

  const enrol = () =>
    action.run(async () =>
      setEnrolment(await withStepUp((stepUp) => firekeep.call("identity-totp-enrol", {}, { stepUp }), ask)),
    );
  const confirm = (event: SubmitEvent) => {
    const code = textOf(event, "code");
    void action.run(async () => {
      const { backupCodes: fresh } = await firekeep.call("identity-totp-confirm", { code });
      setEnrolment(undefined);
      setCodes(fresh.length === 0 ? undefined : fresh); // none when the codes of another factor stay
      await onChange();
    });
  };
  const remove = () =>
    action.run(async () => {
      await withStepUp((stepUp) => firekeep.call("identity-totp-remove", {}, { stepUp }), ask);
      setCodes(undefined);
      await onChange();
    });
  const regenerate = () =>
    action.run(async () => {
      setCodes(
        (await withStepUp((stepUp) => firekeep.call("identity-backup-regenerate", {}, { stepUp }), ask)).backupCodes,
      );
      await onChange();
    });

  return (
    <Panel
      id="factors"
      title="Second factors"
      note="Something besides the password: without it, a stolen password is not enough."
    >
      <ul class="cards">
        <li>
          <strong>Authenticator app</strong>{" "}
          {totp === null ? (
            <Badge tone="medium">not set up</Badge>
          ) : (
            <Badge tone="low">{totp.disabled ? "disabled" : "on"}</Badge>
          )}
          {totp !== null && <span class="meta">since {when(totp.enrolledAt)}</span>}
          {totp === null ? (
            enrolment === undefined && (
              <button type="button" disabled={action.busy} onClick={() => void enrol()}>
                Set up
              </button>
            )
          ) : (
            <button type="button" class="quiet" disabled={action.busy} onClick={() => void remove()}>
              Remove
            </button>
          )}
        </li>
        {enrolment !== undefined && <Enrol enrolment={enrolment} onSubmit={confirm} busy={action.busy} />}
        {backupCodes !== null && (
          <li>
            <strong>Backup codes</strong>{" "}
            <Badge tone={backupCodes.remaining > 3 ? "low" : "medium"}>{backupCodes.remaining} left</Badge>
            <span class="meta">made {when(backupCodes.createdAt)}</span>
            <button type="button" class="quiet" disabled={action.busy} onClick={() => void regenerate()}>
              Make new ones
            </button>
          </li>
        )}
      </ul>
      {codes !== undefined && <BackupCodes codes={codes} onDone={() => setCodes(undefined)} />}
      <Problem text={action.problem} />
    </Panel>
  );
};

const Enrol = ({
  enrolment,
  onSubmit,
  busy,
}: {
  enrolment: Enrolment;
  onSubmit: (event: SubmitEvent) => void;
  busy: boolean;
}) => (
  <li>
    <form onSubmit={onSubmit}>
      <p>Scan this with an authenticator app, then type the code it shows.</p>
      {/* An image, not markup: whatever the SVG holds cannot run here. */}
      <img
        class="qr"
        src={`data:image/svg+xml;utf8,${encodeURIComponent(enrolment.qrSvg)}`}
        alt="QR code of the authenticator set-up"
        width="180"
        height="180"
      />
      <p>
        Or type this in: <code class="wrap">{enrolment.secret}</code>
      </p>
      <label>
        Code
        <input name="code" inputMode="numeric" autocomplete="one-time-code" pattern="\d{6}" maxLength={6} required />
      </label>
      <button type="submit" disabled={busy}>
        Confirm
      </button>
    </form>
  </li>
);
