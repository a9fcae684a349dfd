import { z } from "zod";
import { defineApi } from "../../platform/api.js";
import { attempt, change, emailAddress, id, mailCode, nothing, read, sentCode, time } from "../schemas.js";

export const addressesApi = defineApi({
  "address-add": {
    summary: "Mails a code to a further address, which will get security notices and may help to recover the account.",
    session: "strict",
    stepUp: "identity.factors",
    proof: true,
    limit: change,
    input: z.strictObject({ email: emailAddress }),
    output: sentCode,
    errors: ["identity/address-full", "identity/address-known", "identity/code-too-soon"],
  },
  "address-confirm": {
    summary: "Confirms the further address with the code mailed to it.",
    session: "strict",
    proof: true,
    limit: attempt,
    input: z.strictObject({ challenge: id, code: mailCode }),
    output: z.strictObject({ address: z.string().describe("Masked.") }),
    errors: ["identity/code-rejected"],
  },
  "address-list": {
    summary: "Lists the account's further addresses, masked.",
    session: "cached",
    limit: read,
    input: nothing,
    output: z.strictObject({
      addresses: z.array(
        z.strictObject({
          id: z.string(),
          address: z.string().describe("Masked, such as `a•••@e•••.org`."),
          confirmed: z.boolean(),
          addedAt: time,
        }),
      ),
    }),
  },
  "address-remove": {
    summary: "Removes a further address. It is told so itself, like all the others.",
    session: "strict",
    stepUp: "identity.factors",
    proof: true,
    limit: change,
    input: z.strictObject({ id }),
    output: z.strictObject({ removed: z.literal(true) }),
    errors: ["identity/address-unknown"],
  },
});
