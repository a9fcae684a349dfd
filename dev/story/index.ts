import { makeOperator } from "../seed/operator.ts";
import type { Suite } from "../suite/index.ts";
import { signUp } from "./01-sign-up.ts";
import { signIn } from "./02-sign-in.ts";
import { secondFactor } from "./03-second-factor.ts";
import { profile } from "./04-profile.ts";
import { attack } from "./05-attack.ts";
import { exportData } from "./06-export.ts";
import { erasure } from "./07-erasure.ts";
import { audit } from "./08-audit.ts";
import { browser } from "./09-browser.ts";
import { observeSuite } from "./observe.ts";
import { makePerson } from "./person.ts";
import { printedScene, StoryError } from "./scene.ts";
import type { Step, World } from "./step.ts";
import { startWebhookReceiver } from "./webhook-receiver.ts";
import { installWhereabouts } from "./whereabouts.ts";

const STEPS: readonly Step[] = [signUp, signIn, secondFactor, profile, attack, exportData, erasure, audit, browser];

/** Ann at home: a Norwegian access network and her own browser. */
const HOME = {
  ip: "84.208.77.10",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
};

/** Tells the whole loop through the public interface, one claim a line. True when every claim held. */
export const runStory = async (suite: Suite): Promise<boolean> => {
  installWhereabouts();
  const world = await makeWorld(suite);
  const print = (line: string): void => console.log(line);
  const startedAt = Date.now();
  try {
    for (const [index, step] of STEPS.entries()) {
      print(`\n${String(index + 1)}. ${step.title}`);
      await step.run(world, printedScene(print));
    }
    print(`\nEvery claim held. The story took ${String(Math.round((Date.now() - startedAt) / 1000))} s.`);
    return true;
  } catch (error) {
    print(
      error instanceof StoryError
        ? `   ✗ ${error.message}`
        : `   ✗ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return false;
  } finally {
    await Promise.all([world.ann.close(), world.operator.close(), world.receiver.close()]);
  }
};

const makeWorld = async (suite: Suite): Promise<World> => {
  const observe = observeSuite(suite);
  // New names each time: a suite that is kept up has heard the story before.
  const run = Date.now().toString(36);
  const { person, totpSecret, lastStep } = await makeOperator(suite, observe, `olga.watch.${run}@example.org`);
  const email = `ann.holm.${run}@example.org`;
  const ann = makePerson(suite, { name: "ann", email, password: "sourdough on night trains", place: HOME });
  return {
    suite,
    ann,
    operator: person,
    observe,
    receiver: await startWebhookReceiver(suite.ports.receiver),
    memory: { operatorSecret: totpSecret, operatorStep: lastStep },
  };
};
