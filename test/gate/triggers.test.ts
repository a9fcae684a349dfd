import { describe, expect, test } from "@jest/globals";
import { deployedFunctions } from "./deployed.ts";
import { apis } from "../../functions/src/api.js";
import { config } from "../../functions/src/config.js";

/** HTTPS functions that answer without a sign-in. A new one is a decision: it belongs here with its reason. */
const OPEN_PAGES = [
  "encryption-file-download", // by ticket of a live session, looked at with every request: a callable answers JSON only
  "encryption-file-upload", // by ticket too: a callable takes JSON only, and all of a file at once
  "identity-cookie-serve", // checks the token, proof and cookie itself: a callable cannot set a cookie
  "identity-wellknown-configuration", // receivers of security events read where our keys are
  "identity-wellknown-keys", // public halves of the keys that sign them
  "identity-wellknown-webauthn", // browsers read which other sites may use our passkeys
  "privacy-export-download", // opened by a signed, short-lived link
  "privacy-receipt-read", // whoever was erased has no account to sign in with
];

const rows = Object.entries(apis).flatMap(([domain, api]) => Object.keys(api).map((key) => `${domain}-${key}`));
const functions = [...deployedFunctions()];
const withTrigger = (kind: "callableTrigger" | "httpsTrigger") =>
  functions.filter(([, { __endpoint }]) => __endpoint[kind] !== undefined).map(([id]) => id);

test("the callables that are exported are the rows of the API table, no more and no fewer", () => {
  expect(rows.length).toBeGreaterThan(20);
  expect(withTrigger("callableTrigger").sort()).toEqual([...rows].sort());
});

test("no address is open but the listed ones", () => {
  expect(withTrigger("httpsTrigger").sort()).toEqual(OPEN_PAGES);
});

describe.each(functions)("%s", (id, { __endpoint }) => {
  test("is named <domain>-<noun>-<verb>, in lower case, for URL masks and service names", () => {
    expect(id).toMatch(/^(identity|encryption|detection|privacy|incidents|audit)-[a-z]+-[a-z]+$/);
    expect(id.length).toBeLessThanOrEqual(63);
  });

  test("runs as its own domain's service account", () => {
    expect(__endpoint.serviceAccountEmail).toBe(`fn-${id.split("-")[0] ?? ""}@`);
  });

  test("runs in the configured region only", () => {
    expect(__endpoint.region).toEqual([config.functions.region]);
  });
});
