import { describe, expect, test } from "@jest/globals";
import type { AuthBlockingEvent } from "firebase-functions/v2/identity";
import { MINUTE } from "../kernel/time.js";
import { admitSignIn, admitSignUp } from "./admit-account.js";
import { blockAccess } from "./block-access.js";
import { identity, NOW } from "./identity.fixture.js";

type Event = Pick<AuthBlockingEvent, "data" | "ipAddress">;
const event = (data: object, ipAddress = "203.0.113.7"): Event => ({ data, ipAddress }) as Event;

describe("before an account is made", () => {
  test.each([
    "x@mailinator.com",
    "x@MAILINATOR.com",
    "x@mailinator.com.",
    "x@deep.sub.mailinator.com",
    "x@any.33mail.com",
    '"odd@gmail.com"@mailinator.com',
  ])("refuses %s, with a public sentence", (email) => {
    expect(() => admitSignUp(event({ email }))).toThrow("Sign up with a lasting e-mail address");
  });

  test.each([
    "ann@example.org",
    "ann@gmail.com",
    "ann@mailinator.example",
    "ann@mailinator.com.example.org",
    "ann@uni-jena.de",
  ])("accepts %s", (email) => expect(() => admitSignUp(event({ email }))).not.toThrow());

  test("accepts accounts without an e-mail address", () => {
    expect(() => admitSignUp(event({}))).not.toThrow();
  });
});

describe("before a sign-in", () => {
  test("draws an unguessable session id into the token, and writes nothing", async () => {
    const world = identity();
    const first = await admitSignIn(world.deps, event({ uid: "ann" }));
    const second = await admitSignIn(world.deps, event({ uid: "ann" }));
    expect(first.sessionClaims.sid).toMatch(/^[\w-]{22}$/);
    expect(first.sessionClaims.sid).not.toBe(second.sessionClaims.sid);
    expect([...world.accounts.keys(), ...world.told]).toEqual([]);
    expect(await world.deps.sessions.find(first.sessionClaims.sid)).toBeUndefined();
  });

  test("refuses a disabled account", async () => {
    const { deps } = identity();
    await expect(admitSignIn(deps, event({ uid: "ann", disabled: true }))).rejects.toMatchObject({
      code: "identity/sign-in-refused",
    });
  });

  test("refuses a blocked account, network or pair, and no other", async () => {
    const { deps } = identity();
    await blockAccess(deps, { uid: "ann", until: NOW + MINUTE, reason: "burst" });
    await blockAccess(deps, { networkPrefix: "198.51.100.0/24", until: NOW + MINUTE, reason: "flood" });
    await blockAccess(deps, { uid: "bob", networkPrefix: "203.0.113.0/24", until: NOW + MINUTE, reason: "burst" });
    const admitted = async (uid: string, ip?: string) =>
      admitSignIn(deps, event({ uid }, ip)).then(
        () => true,
        () => false,
      );
    expect(await admitted("ann")).toBe(false);
    expect(await admitted("eve", "198.51.100.9")).toBe(false);
    expect(await admitted("bob")).toBe(false);
    expect(await admitted("bob", "192.0.2.1")).toBe(true);
    expect(await admitted("eve")).toBe(true);
  });
});
