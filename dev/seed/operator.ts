import { signInWithPassword } from "../../client/src/index.ts";
import { currentStep, totpCode } from "../story/authenticator-app.ts";
import type { Observe } from "../story/observe.ts";
import { makePerson, type Person } from "../story/person.ts";
import type { Suite } from "../suite/index.ts";
import { BROWSERS } from "./people.ts";

export interface Operator {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
}

/**
 * The first operator, made as a real team would: an account, appointed by the project's owner, who sets up an
 * authenticator app through the public interface.
 */
export const makeOperator = async (
  suite: Suite,
  observe: Observe,
  email = "olga.watch@example.org",
): Promise<Operator & { person: Person; lastStep: number }> => {
  const password = "correct horse battery staple";
  const person = makePerson(suite, {
    name: "operator",
    email,
    password,
    place: { ip: "84.208.20.9", userAgent: BROWSERS[4] },
  });
  const uid = await observe.createAccount(email, password);
  await observe.appoint(uid, ["user", "admin"]);
  await person.act(() => signInWithPassword(person, { email, password, deviceName: "Olga's workstation" }));
  const { secret } = await person.call("identity-totp-enrol", {});
  const lastStep = currentStep();
  await person.call("identity-totp-confirm", { code: totpCode(secret, lastStep) });
  return { email, password, totpSecret: secret, person, lastStep };
};
