import { z } from "zod";
import { defineApi } from "../../platform/api.js";
import { change, id, nothing, read, time, uid } from "../schemas.js";

const role = z
  .string()
  .regex(/^[a-z]+(-[a-z]+)*$/, "A role is lower-case words joined by hyphens.")
  .max(32);
const reason = z
  .string()
  .trim()
  .min(3)
  .max(200)
  .describe("Why, for reviews of access. Kept with the change for two years, not in the log.");
const roles = z.array(z.string());
const answer = z.strictObject({
  outcome: z
    .enum(["changed", "unchanged", "proposed"])
    .describe("`proposed`: a second administrator must approve before anything changes."),
  roles: roles.describe("The account's roles now."),
  proposal: z.string().optional(),
  expiresAt: time.optional(),
});
const proposal = z.strictObject({
  id: z.string(),
  uid: z.string(),
  role: z.string(),
  reason: z.string(),
  proposedBy: z.string(),
  proposedAt: time,
  expiresAt: time,
});
const roleChange = z.strictObject({
  id: z.string(),
  uid: z.string(),
  role: z.string(),
  change: z.enum(["granted", "revoked"]),
  by: z.string().describe("Account id, or `owner`: the project's owner by the break-glass command."),
  approvedBy: z.string().optional(),
  reason: z.string(),
  at: time,
});

/** What every row of an administrator demands. */
const administrator = { session: "strict", permission: "admin.users", assurance: 2, proof: true } as const;
const guarded = { ...administrator, stepUp: "identity.roles", limit: change } as const;

const granting = z.strictObject({ uid, role, reason });
const deciding = z.strictObject({ id, uid, role });
type Granting = z.output<typeof granting>;
type Deciding = z.output<typeof deciding>;
const CHANGING = ["identity/role-own", "identity/role-unknown", "identity/busy"];
const DECIDING = ["identity/proposal-unknown", "identity/proposal-own", "identity/busy"];

export const rolesApi = defineApi({
  "role-read": {
    summary: "The caller's own roles, and what they allow together.",
    session: "strict",
    limit: read,
    input: nothing,
    output: z.strictObject({ roles, permissions: z.array(z.string()) }),
  },
  "role-list": {
    summary: "Who holds a role, 100 accounts a page, and the latest 100 changes of it.",
    ...administrator,
    limit: read,
    input: z.strictObject({ role, after: uid.optional().describe("`next` of the page before.") }),
    output: z.strictObject({
      holders: z.array(z.strictObject({ uid: z.string(), roles })),
      next: z.string().nullable(),
      changes: z.array(roleChange),
    }),
    errors: ["identity/role-unknown"],
  },
  "role-grant": {
    summary: "Gives an account a role, in all its sessions at once. A role under the two-person rule is only proposed.",
    ...guarded,
    transaction: ({ uid: to, role: given }: Granting) => ({ uid: to, role: given, change: "grant" }),
    input: granting,
    output: answer,
    errors: [...CHANGING, "identity/account-unknown"],
  },
  "role-revoke": {
    summary: "Takes a role from an account, in all its sessions at once.",
    ...guarded,
    transaction: ({ uid: from, role: taken }: Granting) => ({ uid: from, role: taken, change: "revoke" }),
    input: granting,
    output: answer,
    errors: [...CHANGING, "identity/role-last"],
  },
  "role-proposals": {
    summary: "Grants that wait for a second administrator.",
    ...administrator,
    limit: read,
    input: nothing,
    output: z.strictObject({ proposals: z.array(proposal) }),
  },
  "role-approve": {
    summary: "Carries out a proposal that another administrator made about somebody else.",
    ...guarded,
    transaction: (decided: Deciding) => ({ ...decided, change: "approve" }),
    input: deciding,
    output: answer,
    errors: [...DECIDING, "identity/account-unknown"],
  },
  "role-refuse": {
    summary: "Ends a proposal that another administrator made about somebody else.",
    ...guarded,
    transaction: (decided: Deciding) => ({ ...decided, change: "refuse" }),
    input: deciding,
    output: z.strictObject({ refused: z.literal(true) }),
    errors: DECIDING,
  },
});
