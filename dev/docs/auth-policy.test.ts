import { describe, expect, test } from "@jest/globals";
import { config } from "../../functions/src/config.js";
import { PROVIDERS } from "../../functions/src/identity/accounts/providers.js";
import type { Reference } from "./api-reference.js";
import { renderAuthPolicy } from "./auth-policy.js";

const calls: Reference[] = [
  {
    id: "identity-password-signin",
    domain: "identity",
    row: { summary: "", session: "public", limit: { permits: 60, perMs: 600_000, by: "network" } },
    input: {},
    output: {},
  },
];
const page = renderAuthPolicy({ config, providers: PROVIDERS }, calls);

// OWASP ASVS 6.1.1, 6.1.2, 6.1.3.
describe("docs/auth-policy.md", () => {
  test("has a row for every way to sign in, those that skip the blocking triggers included", () => {
    for (const name of Object.keys(PROVIDERS)) expect(page).toContain(`| \`${name}\` |`);
    expect(page).toMatch(/\| `anonymous` \| no \| Firebase \| no \|/);
    expect(page).toMatch(/\| `custom` \| yes \| Firebase \| no \| no \| – \|/);
  });

  test("shows what is allowed as it is configured, corporate providers by their own names", () => {
    const allowed = { ...config, providers: { allowed: ["oidc.corp"] } };
    const other = renderAuthPolicy({ config: allowed, providers: PROVIDERS }, calls);
    expect(other).toContain("| `oidc.*` | yes |");
    expect(other).toContain("| `google.com` | no |");
  });

  test("tells every limit and pause in force, and the banned words", () => {
    expect(page).toContain("| `identity-password-signin` | anybody | 60 in 10 minutes, per network |");
    expect(page).toContain(
      `| a password, one account from anywhere | ${String(config.passwords.attempts.account.limit)} |`,
    );
    for (const word of config.passwords.bannedWords) expect(page).toContain(`\`${word}\``);
  });

  test("says how lock-out cannot be turned against a person", () => {
    expect(page).toContain("## How lock-out cannot be turned against a person");
  });
});
