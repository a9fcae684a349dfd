import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { plugInAuthenticator } from "../../dev/authenticator.ts";
import { axe } from "../../dev/axe.ts";
import { launchBrowser } from "../../dev/browser.ts";
import { attachSuite } from "../../dev/suite/index.ts";
import { appoint, createAccount } from "./accounts.ts";
import { openSecurity, signInWithPassword, visit, type Visit } from "./visit.ts";

const suite = attachSuite();
const open: Visit[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** An administrator on the Roles page, with a passkey of their own set up just now. */
const administrator = async (name: string): Promise<Visit> => {
  const { email, uid } = await createAccount(suite, name);
  await appoint(suite, uid, ["user", "admin"]);
  const visitor = await visit(browser, suite);
  open.push(visitor);
  const { page } = visitor;
  await signInWithPassword(visitor, email);
  await page.getByRole("link", { name: "Security" }).click();
  await openSecurity(visitor);
  await plugInAuthenticator(page, "device-bound");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("on one device only").waitFor();
  await page.getByRole("link", { name: "Roles" }).click();
  await page.getByRole("heading", { name: "Roles" }).waitFor();
  return visitor;
};

const grant = async ({ page }: Visit, uid: string, role: string): Promise<void> => {
  const form = page.locator("[aria-labelledby=grant]");
  await form.getByLabel("Account id").fill(uid);
  await form.getByLabel("Role").fill(role);
  await form.getByLabel("Reason").fill("works here from today");
  await form.getByRole("button", { name: "Grant" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Use a passkey" }).click();
};

test("a role is granted with a passkey's approval of exactly that; an administrator needs a second one's", async () => {
  const someone = await createAccount(suite, "new");
  const [olga, omar] = [await administrator("olga"), await administrator("omar")];
  await grant(olga, someone.uid, "analyst");
  await olga.page.getByText("Done. The account's roles: user, analyst.").waitFor();
  await grant(olga, someone.uid, "admin");
  await olga.page.getByText(/^Proposed: another administrator/).waitFor();
  expect(await axe(olga.page)).toEqual([]);

  await omar.page.reload();
  const proposals = omar.page.locator("[aria-labelledby=proposals]");
  await proposals.getByRole("button", { name: "Approve" }).click();
  await omar.page.getByRole("dialog").getByRole("button", { name: "Use a passkey" }).click();
  await proposals.getByText("Nothing.").waitFor();
  await omar.page.locator("[aria-labelledby=holders]").getByRole("button", { name: "Show" }).click();
  await omar.page.locator("[aria-labelledby=holders]").getByText(someone.uid).first().waitFor();
  expect([...olga.complaints, ...omar.complaints]).toEqual([]);
}, 600_000);
