import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "../suite/index.ts";
import { tick } from "../suite/index.ts";
import { guessPasswords } from "../story/guess-passwords.ts";
import { observeSuite } from "../story/observe.ts";
import { keepPicture } from "../story/files-of.ts";
import { installWhereabouts } from "../story/whereabouts.ts";
import { chance } from "./chance.ts";
import { history } from "./history.ts";
import { makeOperator, type Operator } from "./operator.ts";
import { people } from "./people.ts";
import { product } from "./product.ts";
import { relive } from "./relive.ts";
import { writeAppData } from "./write-app-data.ts";
import { writePast } from "./write-past.ts";

/** A believable demo: forty people, sixty days of sign-ins, their data, one attacker; and an operator to sign in as. */
export const seed = async (suite: Suite): Promise<Operator> => {
  installWhereabouts();
  const observe = observeSuite(suite); // sets the emulators' addresses for the product's clients too
  const now = Date.now();
  const luck = chance(20_261_122);
  const persons = people(luck);
  const app = product.app().initializeApp({ projectId: suite.project });
  await product
    .auth()
    .getAuth(app)
    .importUsers(persons.map(({ uid, email, name }) => ({ uid, email, displayName: name, emailVerified: true })));
  const firestore = product.firestore().getFirestore(app);
  await writePast(firestore, await relive(history(luck, persons, now)), persons, now);
  await writeAppData(firestore, { example: suite.example, luck, now }, persons);
  const { person, email, password, totpSecret } = await makeOperator(suite, observe);
  const operator = { email, password, totpSecret };
  if (suite.example === "dating") await keepPicture(suite, person);
  await person.close();
  // For `npm run code`, which shows the one-time code of the moment.
  writeFileSync(join(suite.runDir, "operator.json"), JSON.stringify(operator), { mode: 0o600 });
  const victim = persons[2]?.email ?? "";
  await guessPasswords(observe, { project: suite.project, email: victim, from: ATTACKER, count: 12 });
  for (let batch = 0; batch < 8; batch += 1) await tick(suite, "audit-log-sequence");
  return operator;
};

// The attacker of the last hours is still at it, for detection and incidents to find.
const ATTACKER = { ip: "45.155.205.33", userAgent: "python-requests/2.32" };
