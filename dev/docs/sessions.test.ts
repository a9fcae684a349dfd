import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { config } from "../../functions/src/config.js";
import { DAY, HOUR, MINUTE, SECOND } from "../../functions/src/kernel/time.js";
import { PROOF_WINDOW_MS } from "../../functions/src/platform/device-proof.js";

const page = readFileSync(join(import.meta.dirname, "../../docs/sessions.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split("|").map((cell) => cell.trim()));
const figure = (name: string): string | undefined => rows.find(([, first]) => first === name)?.[2];

const UNITS = [
  [DAY, "days"],
  [HOUR, "hours"],
  [MINUTE, "minutes"],
  [SECOND, "seconds"],
] as const;
const spelt = (ms: number): string => {
  const [unit, name] = UNITS.find(([size]) => ms > size && ms % size === 0) ?? [1, "ms"];
  return `${String(ms / unit)} ${name}`;
};

// OWASP ASVS 7.1.1 and 7.1.2.
test("docs/sessions.md gives every limit of a session as it is configured", () => {
  const { session, devices } = config;
  expect({
    idle: figure("idle"),
    absolute: figure("absolute"),
    live: figure("live sessions of an account"),
    start: figure("age of a sign-in that starts one"),
    stepUp: figure("step-up"),
    cache: figure("copy that serves ordinary calls"),
    grace: figure("the session secret before the last"),
    cookie: figure("the cookie's secret"),
    proof: figure("a proof of the device key"),
    trust: figure("trusted device"),
  }).toEqual({
    idle: spelt(session.idleMs),
    absolute: spelt(session.absoluteMs),
    live: String(session.maxLive),
    start: spelt(session.startWithinMs),
    stepUp: spelt(session.stepUpMs),
    cache: spelt(session.cacheMs),
    grace: spelt(session.secretGraceMs),
    cookie: spelt(session.cookieRotateMs),
    proof: `± ${String(PROOF_WINDOW_MS / SECOND)} seconds`,
    trust: expect.stringContaining(spelt(devices.trustMs)),
  });
});

// OWASP ASVS 7.1.3.
test("docs/sessions.md says how long every token lives that Firekeep does not make, and what its end means", () => {
  const others = ["Firebase ID token", "Firebase refresh token", "Identity Platform second factor", "custom token"];
  for (const name of [...others, "sign-in at Google, Apple, a tenant", "App Check token", "`__session` cookie"]) {
    const [, , life = "", meaning = ""] = rows.find(([, first]) => first === name) ?? [];
    expect([name, life !== "", meaning.length > 20]).toEqual([name, true, true]);
  }
});

// OWASP ASVS 8.1.3 and 8.1.4.
test("docs/sessions.md weighs what changed around a session, and acts on the sum, as it is configured", () => {
  const { weights, stepUpAt, revokeAt, provenFactor } = config.session.hijack;
  const { browser, os, country, network, address } = weights;
  expect(page.replaceAll("\n", " ")).toContain(
    `browser ${String(browser)}, system ${String(os)}, country ${String(country)}, network operator ${String(network)}, the address nothing`,
  );
  expect([address, provenFactor]).toEqual([0, 0.5]);
  expect(page).toContain("A proven device key halves the sum.");
  for (const from of [`below ${String(stepUpAt)}`, `from ${String(stepUpAt)} on`, `from ${String(revokeAt)} on`])
    expect(figure(from)).toBeDefined();
});
