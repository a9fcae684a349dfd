import { join } from "node:path";
import type { Page } from "playwright-core";
import { axe } from "../axe.ts";
import { launchBrowser } from "../browser.ts";
import { plugInAuthenticator } from "../authenticator.ts";
import { nextStep, totpCode } from "./authenticator-app.ts";
import type { Scene } from "./scene.ts";
import type { Step, World } from "./step.ts";

/** The same suite, as a person at the screen sees it. */
export const browser: Step = {
  title: "A person looks at the console (Chromium)",
  run: async (world, scene) => {
    const chromium = await launchBrowser();
    try {
      const page = await chromium.newPage();
      page.setDefaultTimeout(120_000); // on a busy machine a function's first call takes its time
      await signIn(page, world);
      await look(page, world, scene);
      await act(page, world, scene);
      await passkey(page, scene);
    } finally {
      await chromium.close();
    }
  },
};

const signIn = async (page: Page, world: World): Promise<void> => {
  await page.goto(world.suite.urls.console);
  await page.getByLabel("E-mail").fill(world.operator.email);
  await page.getByLabel("Password").fill(world.operator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Second factor" }).waitFor();
  await page.getByLabel(/authenticator app/).fill(await operatorsCode(world));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Now" }).waitFor();
};

/** The next code of the operator's authenticator app. */
const operatorsCode = async ({ memory }: World): Promise<string> => {
  const step = await nextStep(memory.operatorStep ?? 0);
  memory.operatorStep = step;
  return totpCode(memory.operatorSecret ?? "", step);
};

const look = async (page: Page, { suite }: World, { see, hold }: Scene): Promise<void> => {
  const complaints = listen(page);
  await page.locator("#needs ~ ol li").first().waitFor();
  for (const region of ["Latest events", "Latest risk decisions"]) {
    await page.getByRole("region", { name: region }).locator("tbody tr").first().waitFor();
  }
  const incident = page.getByText("Many wrong passwords").first();
  hold("Now shows the incident, the events and the risk decisions, live", await incident.isVisible());
  const violations = await axe(page);
  await page.screenshot({ path: join(suite.runDir, "now.png"), fullPage: true });
  await page.getByRole("link", { name: "Security" }).click();
  await page.getByText("this one", { exact: true }).first().waitFor();
  hold("Security shows the factors and this very session", await page.getByText("Authenticator app").isVisible());
  violations.push(...(await axe(page)));
  await page.screenshot({ path: join(suite.runDir, "security.png"), fullPage: true });
  await page.emulateMedia({ colorScheme: "dark" });
  violations.push(...(await axe(page)));
  see("screenshots", join(suite.runDir, "now.png"));
  if (violations.length > 0) see("violations", violations);
  hold("accessibility: 0 violations on both pages, light and dark", violations.length === 0);
  if (complaints.length > 0) see("console", complaints);
  hold("no error in the browser's console", complaints.length === 0);
};

/** Clicks what changes something, and checks on the server that it did. */
const act = async (page: Page, world: World, { hold, refused }: Scene): Promise<void> => {
  const { operator } = world;
  await page.getByRole("button", { name: "End the session on Olga's workstation" }).click();
  await page.getByText("Olga's workstation").waitFor({ state: "detached" });
  await refused("a session ended on the page is ended at once", "request/session-revoked", () =>
    operator.call("identity-security-read", {}),
  );
  await page.getByRole("button", { name: "Make new ones" }).click();
  await page.getByRole("heading", { name: "Please confirm it is you" }).waitFor();
  await page
    .getByRole("dialog")
    .getByLabel(/authenticator app/)
    .fill(await operatorsCode(world));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Your backup codes" }).waitFor();
  const codes = await page.locator(".codes li").count();
  hold("the page asks for a second factor where one is needed, and shows ten new backup codes", codes === 10);
};

/** From now on the operator needs no password: a passkey that stays on its device, as administrators must have. */
const passkey = async (page: Page, { hold }: Scene): Promise<void> => {
  await plugInAuthenticator(page, "device-bound");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("on one device only").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  // The e-mail field offers the passkey by itself, and this authenticator takes every offer. It leads back to the same page.
  await page.getByText("this one", { exact: true }).waitFor({ state: "detached" });
  await page.getByText("this one", { exact: true }).waitFor();
  hold(
    "a passkey signs in from the e-mail field, with its second factor in it",
    await page.getByRole("heading", { name: "Your security" }).isVisible(),
  );
};

const listen = (page: Page): string[] => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
};
