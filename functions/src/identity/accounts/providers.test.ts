import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { admitProvider, findProvider, PROVIDERS } from "./providers.js";

const refused = expect.objectContaining({ code: "identity/provider-refused" });

// Every provider that Firebase's emulator can mint a token of, and those that Firebase's documentation names.
const MINTED = [
  "password",
  "emailLink",
  "phone",
  "anonymous",
  "custom",
  "google.com",
  "apple.com",
  "microsoft.com",
  "yahoo.com",
  "facebook.com",
  "github.com",
  "twitter.com",
  "linkedin.com",
  "playgames.google.com",
  "gc.apple.com",
  "saml.corp",
  "oidc.corp",
];

describe("the table of ways to sign in", () => {
  test.each(MINTED)("has %s, at assurance 1: whatever Firebase checks is one factor", (provider) => {
    expect(findProvider(provider)).toMatchObject({ assurance: 1, checkedBy: expect.not.stringContaining("firekeep") });
  });

  test("has no row that nobody can come by", () => {
    const named = new Set([...MINTED.map((each) => each.replace(/^(saml|oidc)\..*/, "$1.*")), "passkey", "email-code"]);
    expect(Object.keys(PROVIDERS).filter((name) => !named.has(name))).toEqual([]);
  });

  test.each([
    "unheard.of",
    "",
    "Password",
    "saml.",
    "oidc",
    "__proto__",
    "constructor",
    "toString",
    "saml.*.x/y",
    "firebase",
  ])("does not admit %j", (provider) => {
    expect(() => admitProvider(provider, "sign-in")).toThrow(refused);
    expect(() => admitProvider(provider, "session")).toThrow(refused);
  });

  test("a sign-in without a provider is not admitted", () => {
    expect(() => admitProvider(undefined, "sign-in")).toThrow(refused);
  });
});

describe("what is known is admitted only when it is allowed", () => {
  test.each(MINTED.filter((provider) => provider !== "custom"))("%s", (provider) => {
    expect(() => admitProvider(provider, "sign-in", [])).toThrow(refused);
    expect(() => admitProvider(provider, "session", [])).toThrow(refused);
    expect(admitProvider(provider, "sign-in", [provider])).toBe(findProvider(provider));
  });

  test("one corporate provider opens no other", () => {
    expect(() => admitProvider("oidc.other", "sign-in", ["oidc.corp"])).toThrow(refused);
    expect(() => admitProvider("oidc.other", "sign-in", ["oidc.*"])).toThrow(refused);
  });

  test("what comes as configured: no anonymous accounts, and nobody who vouches for nothing", () => {
    for (const provider of ["anonymous", "facebook.com", "github.com", "twitter.com", "gc.apple.com"]) {
      expect([provider, config.providers.allowed.includes(provider)]).toEqual([provider, false]);
    }
  });
});

describe("what Firekeep checks itself", () => {
  test("starts sessions without being allowed for Firebase, and cannot be claimed by a token of Firebase's", () => {
    for (const provider of ["passkey", "email-code"]) {
      expect(admitProvider(provider, "session", [])).toMatchObject({ checkedBy: "firekeep" });
      expect(() => admitProvider(provider, "sign-in", [provider])).toThrow(refused);
    }
  });

  test("a custom token carries on with a session, and starts none", () => {
    expect(() => admitProvider("custom", "session")).toThrow(refused);
  });
});
