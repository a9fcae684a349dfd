import { useEffect, useState } from "preact/hooks";
import { withStepUp, type Output } from "../../../../client/src/index.ts";
import type { Own } from "../../pages/security.tsx";
import { ago, when } from "../../words.ts";
import { useAction } from "../form.ts";
import { Badge, Empty, Panel, Problem } from "../panel.tsx";

type Devices = Output<"identity-device-list">["devices"];

/** Devices that are asked for a second factor less often. */
export const TrustedDevices = ({ backend: { firekeep }, security, ask }: Own) => {
  const [devices, setDevices] = useState<Devices>();
  const action = useAction();
  const read = async () => setDevices((await firekeep.call("identity-device-list", {})).devices);
  useEffect(() => void action.run(read), []);
  const trust = () =>
    action.run(async () => {
      await withStepUp((stepUp) => firekeep.call("identity-device-trust", {}, { stepUp }), ask);
      await read();
    });
  const distrust = (id: string) =>
    action.run(async () => {
      await firekeep.call("identity-device-revoke", { id });
      await read();
    });
  const trustsThis = devices?.some(({ current }) => current) === true;
  return (
    <Panel
      id="devices"
      title="Trusted devices"
      note="Signing in from one is asked about less often. It never stands in for a second factor."
    >
      {devices?.length === 0 && <Empty>None.</Empty>}
      <ul class="cards">
        {devices?.map((device) => (
          <li key={device.id}>
            <strong>{device.name}</strong> {device.current && <Badge tone="low">this one</Badge>}
            <span class="meta">
              {device.browser} on {device.os} · last seen {ago(device.lastSeenAt)} · until {when(device.expiresAt)}
            </span>
            <button
              type="button"
              class="quiet"
              disabled={action.busy}
              onClick={() => void distrust(device.id)}
              aria-label={`Stop trusting ${device.name}`}
            >
              Stop trusting
            </button>
          </li>
        ))}
      </ul>
      {devices !== undefined && !trustsThis && security.session.assurance >= 2 && (
        <button type="button" disabled={action.busy} onClick={() => void trust()}>
          Trust this device
        </button>
      )}
      <Problem text={action.problem} />
    </Panel>
  );
};
