import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { axe } from "../../dev/axe.ts";
import { plugInAuthenticator } from "../../dev/authenticator.ts";
import { launchBrowser } from "../../dev/browser.ts";
import { attachSuite } from "../../dev/suite/index.ts";
import { appoint, countOf, createAccount } from "./accounts.ts";
import { openSecurity, signInWithPassword, signOut, visit, type Visit } from "./visit.ts";

// Chromium with a virtual authenticator on the real console, the real SDK and the real functions.
const suite = attachSuite();
let browser: Browser;
let ann: Visit;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(() => ann.close());

/** Somebody with an account, signed in by password, at a browser with an authenticator. */
const arrive = async (name: string, kind: "synced" | "device-bound" = "synced", roles?: readonly string[]) => {
  const account = await createAccount(suite, name);
  if (roles !== undefined) await appoint(suite, account.uid, roles);
  ann = await visit(browser, suite);
  await signInWithPassword(ann, account.email);
  if (roles !== undefined) await ann.page.getByRole("link", { name: "Security" }).click();
  await openSecurity(ann);
  return { ...account, authenticator: await plugInAuthenticator(ann.page, kind) };
};

const addPasskey = async () => {
  await ann.page.getByRole("button", { name: "Add a passkey" }).click();
  await ann.page.getByRole("button", { name: /^Remove the passkey/ }).waitFor();
};

test("a passkey is set up, then signs in by autofill and by button, with nobody named", async () => {
  const { email, authenticator } = await arrive("pat");
  const { page } = ann;
  await addPasskey();
  await page.getByText("synced between your devices").waitFor();
  await page.getByRole("heading", { name: "Your backup codes" }).waitFor();
  expect(await authenticator.credentials()).toMatchObject([{ rpId: "localhost" }]);

  await authenticator.setPresent(false);
  await signOut(ann);
  expect(await axe(page)).toEqual([]);
  // The person picks the passkey that the e-mail field offers. Presence counts for what is asked from now on only.
  await authenticator.setPresent(true);
  await page.reload();
  await openSecurity(ann);
  await page.getByText(email).waitFor();
  await page.getByText("second factor", { exact: true }).first().waitFor();

  await authenticator.setPresent(false);
  await signOut(ann);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await authenticator.setPresent(true);
  await openSecurity(ann);
  expect(ann.complaints).toEqual([]);
}, 600_000);

test("a passkey approves what needs a second factor, and can be renamed and removed; the browser is told", async () => {
  await arrive("ren");
  const { page } = ann;
  await addPasskey();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("button", { name: "Make new ones" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByRole("heading", { name: "Your backup codes" }).waitFor();

  await page.getByRole("button", { name: /^Rename the passkey/ }).click();
  await page.getByLabel("New name").fill("My laptop");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("My laptop", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Remove the passkey My laptop" }).click();
  await page.locator("[aria-labelledby=passkeys]").getByText("None yet.").waitFor();
  expect(await ann.signals()).toEqual([
    "signalCurrentUserDetails",
    "signalCurrentUserDetails",
    "signalAllAcceptedCredentials",
  ]);
  expect(ann.complaints).toEqual([]);
}, 600_000);

test("a ceremony that the person does not confirm leaves no trace", async () => {
  const { uid, authenticator } = await arrive("can");
  const { page } = ann;
  await authenticator.setVerified(false);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.locator("button:enabled", { hasText: "Add a passkey" }).waitFor();
  await page.locator("[aria-labelledby=passkeys]").getByText("None yet.").waitFor();
  expect(await authenticator.credentials()).toEqual([]);
  expect(await countOf(suite, "secCredentials", uid)).toBe(0);
  expect(await page.locator("[aria-labelledby=passkeys] [role=alert]").textContent()).toBe("");
}, 600_000);

test("an administrator's passkey must stay on its device: a synced one is refused, a device-bound one taken", async () => {
  const { uid, authenticator } = await arrive("adm", "synced", ["user", "admin"]);
  const { page } = ann;
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.locator("[aria-labelledby=passkeys] [role=alert]").getByText(/./).waitFor();
  expect(await countOf(suite, "secCredentials", uid)).toBe(0);
  await authenticator.unplug();
  await plugInAuthenticator(page, "device-bound");
  await addPasskey();
  await page.getByText("on one device only").waitFor();
}, 600_000);
