import type { Browser, Page } from "playwright-core";
import type { Suite } from "../../dev/suite/index.ts";
import { PASSWORD } from "./accounts.ts";

/** Somebody at a browser of their own. */
export interface Visit {
  readonly page: Page;
  /** Errors in the browser's console, and failed scripts. */
  readonly complaints: readonly string[];
  /** Calls of the Signal API so far, by name. */
  readonly signals: () => Promise<string[]>;
  readonly close: () => Promise<void>;
}

export const visit = async (browser: Browser, suite: Suite): Promise<Visit> => {
  const context = await browser.newContext();
  await context.addInitScript(RECORD_SIGNALS);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000); // each function's first call starts a worker of its own
  const complaints = listen(page);
  await page.goto(suite.urls.console);
  return {
    page,
    complaints,
    signals: () => page.evaluate<string[]>("JSON.parse(sessionStorage.getItem('signals') ?? '[]')"),
    close: () => context.close(),
  };
};

/** Types address and password, and waits for the person's own page. */
export const signInWithPassword = async ({ page }: Visit, email: string): Promise<void> => {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
};

export const openSecurity = async ({ page }: Visit): Promise<void> => {
  await page.getByRole("heading", { name: "Your security" }).waitFor();
  await page.getByText("this one").first().waitFor();
};

export const signOut = async ({ page }: Visit): Promise<void> => {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Password").waitFor();
};

// What the page tells the browser of its passkeys, kept for the test to read; the call goes on.
const RECORD_SIGNALS = `
  for (const name of ["signalUnknownCredential", "signalAllAcceptedCredentials", "signalCurrentUserDetails"]) {
    const original = globalThis.PublicKeyCredential?.[name];
    if (original === undefined) continue;
    PublicKeyCredential[name] = (what) => {
      const told = JSON.parse(sessionStorage.getItem("signals") ?? "[]");
      sessionStorage.setItem("signals", JSON.stringify([...told, name]));
      return original.call(PublicKeyCredential, what);
    };
  }`;

const listen = (page: Page): string[] => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    // A refused call is no fault of the page; the browser lists every answer that is not a 200.
    if (message.type() === "error" && !message.text().includes("Failed to load resource"))
      complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
};
