import { nextStep, totpCode } from "./authenticator-app.ts";
import { eventually, StoryError } from "./scene.ts";
import type { Step, World } from "./step.ts";

export const exportData: Step = {
  title: "Ann exports her data and reads who used it",
  run: async (world, { see, hold }) => {
    const { ann, observe, memory } = world;
    const uid = memory.uid ?? "";
    await observe.upload(`photos/${uid}/harbour.jpg`, "not really a picture");
    await observe.upload(`photos/${uid}0/other.jpg`, "somebody whose id begins with Ann's");
    const { request } = await ann.call("privacy-export-request", {}, await annsCode(world));
    const done = await eventually("the export", async () => {
      const status = await ann.call("privacy-export-status", { request });
      if (status.status === "failed") throw new StoryError("the export failed");
      return status.url === undefined ? undefined : status;
    });
    const answer = await fetch(done.url ?? "");
    const text = await answer.text();
    const file = JSON.parse(text) as Record<string, unknown>;
    see("export", { bytes: text.length, parts: Object.keys(file) });
    hold(
      "the signed link opens the file without signing in, and no cache may keep it",
      answer.ok && (answer.headers.get("cache-control") ?? "").includes("no-store"),
    );
    hold(
      "everything is in it, decrypted: profile, sessions, risk decisions, account, files",
      ["+47 900 54 321", "1991-04-12", "secSessions", "riskDecisions", ann.email, "harbour.jpg"].every((part) =>
        text.includes(part),
      ),
    );
    hold("nobody else's file is", !text.includes("other.jpg"));
    hold("no key, seed or token is", !text.includes(memory.totpSecret ?? "") && !text.includes("secretHash"));
    const forged = (done.url ?? "").replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    hold("a changed link opens nothing", !(await fetch(forged)).ok);
    const { entries } = await ann.call("privacy-access-list", {});
    see(
      "who used Ann's data",
      entries.slice(0, 3).map(({ actor, action, collection, purpose }) => ({ actor, action, collection, purpose })),
    );
    hold(
      "the access log tells Ann who read what and why",
      entries.some((entry) => entry.collection === "profiles" && entry.action === "read"),
    );
  },
};

/** The next code of Ann's authenticator app. */
export const annsCode = async ({ memory }: World) => {
  const step = await nextStep(memory.lastTotpStep ?? 0);
  memory.lastTotpStep = step;
  return { method: "totp", code: totpCode(memory.totpSecret ?? "", step) } as const;
};
