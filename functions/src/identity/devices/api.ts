import { z } from "zod";
import { defineApi } from "../../platform/api.js";
import { bits256, change, nothing, read, time } from "../schemas.js";

const trustedDevice = z.strictObject({
  id: z.string(),
  current: z.boolean().describe("Whether this call comes from it."),
  name: z.string(),
  browser: z.string(),
  os: z.string(),
  createdAt: time,
  lastSeenAt: time,
  expiresAt: time,
});

export const devicesApi = defineApi({
  "device-trust": {
    summary:
      "Trusts the device whose key this session is bound to: its sign-ins are asked less often. It never counts as a factor.",
    session: "strict",
    assurance: 2,
    stepUp: "identity.devices",
    proof: true,
    limit: change,
    input: z.strictObject({ name: z.string().trim().min(1).max(80).optional() }),
    output: trustedDevice,
    errors: ["identity/device-unbound"],
  },
  "device-list": {
    summary: "Lists the devices that the caller trusts.",
    session: "cached",
    limit: read,
    input: nothing,
    output: z.strictObject({ devices: z.array(trustedDevice) }),
  },
  "device-revoke": {
    summary: "Stops trusting a device, at once. Its sessions go on: end them with `session-revoke`.",
    session: "strict",
    proof: true,
    limit: change,
    input: z.strictObject({ id: bits256 }),
    output: z.strictObject({ revoked: z.literal(true) }),
    errors: ["identity/device-unknown"],
  },
});
