import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchBrowser } from "../browser.ts";
import { nextStep, totpCode } from "./authenticator-app.ts";
import type { Step } from "./step.ts";

/** The same suite, as a person at the screen sees it. */
export const browser: Step = {
  title: "A person looks at the console (Chromium)",
  run: async ({ suite, operator, memory }, { see, hold }) => {
    const chromium = await launchBrowser();
    try {
      const page = await chromium.newPage();
      const complaints = listen(page);
      await page.goto(suite.urls.console);
      await page.getByLabel("E-mail").fill(operator.email);
      await page.getByLabel("Password").fill(operator.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Second factor" }).waitFor();
      const step = await nextStep(memory.operatorStep ?? 0);
      memory.operatorStep = step;
      await page.getByLabel(/authenticator app/).fill(totpCode(memory.operatorSecret ?? "", step));
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Now" }).waitFor();
      await page.getByRole("heading", { name: "What needs you" }).waitFor();
      await page.locator("#needs ~ ol li").first().waitFor();
      for (const region of ["Latest events", "Latest risk decisions"]) {
        await page.getByRole("region", { name: region }).locator("tbody tr").first().waitFor();
      }
      hold(
        "Now shows the incident, the events and the risk decisions, live",
        await page.getByText("Many wrong passwords").first().isVisible(),
      );
      const now = await axe(page);
      await page.screenshot({ path: join(suite.runDir, "now.png"), fullPage: true });
      await page.getByRole("link", { name: "Security" }).click();
      await page.getByText("this one").waitFor();
      hold("Security shows the factors and this very session", await page.getByText("Authenticator app").isVisible());
      const security = await axe(page);
      await page.screenshot({ path: join(suite.runDir, "security.png"), fullPage: true });
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await axe(page);
      see("screenshots", join(suite.runDir, "now.png"));
      hold("accessibility: 0 violations on both pages, light and dark", [now, security, dark].flat().length === 0);
      if (complaints.length > 0) see("console", complaints);
      hold("no error in the browser's console", complaints.length === 0);
    } finally {
      await chromium.close();
    }
  },
};

const listen = (page: Page): string[] => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
};

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Violations of WCAG 2.2 A and AA, by rule. Evaluated over the debugger, so the page's content security policy stays on. */
const axe = async (page: Page): Promise<string[]> => {
  await page.evaluate(axeSource);
  const found = await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })",
  );
  const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] };
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120) ?? ""}`);
};
