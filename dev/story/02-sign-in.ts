import { signInWithPassword } from "../../client/src/index.ts";
import type { Step } from "./step.ts";

export const signIn: Step = {
  title: "The sign-in is scored and gets a session",
  run: async ({ ann, observe, memory }, { see, hold, refused }) => {
    await refused("a call without a live session", "request/session-missing", () =>
      ann.call("identity-security-read", {}),
    );
    const { user, session } = await ann.act(() =>
      signInWithPassword({ auth: ann.auth, firekeep: ann.firekeep }, { ...ann, deviceName: "Ann's laptop" }),
    );
    memory.uid = user.uid;
    const token = await user.getIdTokenResult();
    see("session", session);
    hold("the token carries the session's id", token.claims["sid"] === session.sid);
    const stored = await observe.document(`secSessions/${session.sid}`);
    hold("the session document exists and belongs to Ann", stored?.["uid"] === user.uid);
    const [decision] = await observe.query("riskDecisions", "uid", user.uid);
    see("risk decision", decision?.["action"] as string);
    hold("the risk of the sign-in was decided before the session began", decision?.["action"] === "allow");
    const security = await ann.call("identity-security-read", {});
    see("security settings", security.settings);
    hold("security settings exist, without a second factor yet", !security.settings.mfaEnabled);
  },
};
