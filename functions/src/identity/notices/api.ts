import { z } from "zod";
import { defineApi } from "../../platform/api.js";
import { anyone, bits256 } from "../schemas.js";

export const noticesApi = defineApi({
  "notice-deny": {
    summary:
      '"This was not me": ends the session that a mail told of, or all of them after a change to what opens the account. The token comes from the mail\'s link and works once.',
    session: "public",
    limit: anyone,
    input: z.strictObject({ token: bits256 }),
    output: z.strictObject({
      ended: z
        .boolean()
        .describe("False for every token that is wrong, too old or just being used; it says nothing more."),
    }),
  },
});
