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

/** An operator with a passkey of their own set up just now: on the Roles page, and an officer of the vault besides. */
const administrator = async (name: string): Promise<Visit> => {
  const { email, uid } = await createAccount(suite, name);
  await appoint(suite, uid, ["user", "admin", "privacy-officer"]);
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

const PASSPORT = "P 1234567";

/** Gives somebody fields under the hardware key, as the app's own server code does. */
const verified = async (uid: string): Promise<void> => {
  Object.assign(process.env, suite.env);
  const { seal } = await import("../../functions/src/encryption/index.js");
  const { firestore } = await import("../../functions/src/platform/app.js");
  const path = `verifications/${uid}`;
  const values = { documentNumber: PASSPORT, legalName: "Nils Ny" };
  await firestore()
    .doc(path)
    .set(await seal({ collection: "verifications", path, subject: uid, values }));
};

const openVault = async ({ page }: Visit) => {
  await page.getByRole("link", { name: "Vault" }).click();
  await page.getByRole("heading", { name: "Vault" }).waitFor();
  return page.locator("[aria-labelledby=ask]");
};

const cards = ({ page }: Visit) => page.locator("[aria-labelledby=requests]");

const confirm = ({ page }: Visit) => page.getByRole("dialog").getByRole("button", { name: "Use a passkey" }).click();

test("two people: a role is granted with approval of exactly that, an administrator by a second one; one officer asks for protected data, another agrees, it is shown once", async () => {
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

  await verified(someone.uid);
  const asking = await openVault(olga);
  await asking.getByLabel("Collection").fill("verifications");
  await asking.getByLabel("Document").fill(`uid=${someone.uid}`);
  await asking.getByLabel("Fields").fill("documentNumber legalName");
  await asking.getByLabel("Reason").fill("the court asks for both");
  await asking.getByRole("button", { name: "Ask", exact: true }).click();
  await confirm(olga);
  await asking.getByText("Another officer must agree").waitFor();
  await openVault(omar);
  await cards(omar).getByRole("button", { name: "Approve" }).click();
  await confirm(omar);
  await cards(omar).getByText("may be opened until").waitFor();
  expect(await cards(omar).getByRole("button", { name: "Open once" }).count()).toBe(0);
  await olga.page.reload();
  await cards(olga).getByRole("button", { name: "Open once" }).click();
  await confirm(olga);
  await cards(olga).getByText(PASSPORT).waitFor();
  expect(await axe(olga.page)).toEqual([]);
  await olga.page.getByRole("link", { name: "Security" }).click();
  await openVault(olga);
  await cards(olga).getByText("opened", { exact: true }).waitFor();
  expect(await olga.page.getByText(PASSPORT).count()).toBe(0);
  expect([...olga.complaints, ...omar.complaints]).toEqual([]);
}, 600_000);
