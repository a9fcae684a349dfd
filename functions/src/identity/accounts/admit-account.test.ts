import { describe, expect, test } from "@jest/globals";
import type { AuthBlockingEvent } from "firebase-functions/v2/identity";
import { MINUTE } from "../../kernel/time.js";
import { identity, NOW } from "../identity.fixture.js";
import { admitSignIn, admitSignUp } from "./admit-account.js";
import { blockAccess } from "./block-access.js";

/** As firebase-functions hands it on: the method is at the end of the event's type. */
const event = (data: object, ipAddress = "203.0.113.7", method: string | undefined = "password"): AuthBlockingEvent =>
  ({
    data,
    ipAddress,
    eventType: `providers/cloud.auth/eventTypes/user.beforeSignIn${method === "" ? "" : `:${method}`}`,
    credential: undefined,
    additionalUserInfo: undefined,
  }) as unknown as AuthBlockingEvent;

const by = (method: string, data: object = { uid: "ann" }) => event(data, undefined, method);

/** Whatever an event's handler may need, and whatever writes throws. */
const readOnly = () => {
  const { deps } = identity();
  const never = () => Promise.reject(new Error("a blocking trigger wrote something"));
  return { ...deps, blocks: { ...deps.blocks, put: never }, record: never, notify: never, sessions: undefined };
};

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
    expect(() => admitSignUp(by("phone", {}))).not.toThrow();
    expect(() => admitSignUp(by("apple.com", {}))).not.toThrow();
  });

  // OWASP ASVS 6.8.1: somebody else's address at a careless provider must not become their account here.
  test("refuses a federated sign-up with an address that the provider does not vouch for", () => {
    const email = "ann@example.org";
    const unverified = { code: "identity/address-unverified" };
    expect(() => admitSignUp(by("google.com", { email, emailVerified: true }))).not.toThrow();
    for (const emailVerified of [false, undefined, "true", 1]) {
      expect(() => admitSignUp(by("google.com", { email, emailVerified }))).toThrow(
        expect.objectContaining(unverified),
      );
    }
    expect(() => admitSignUp(by("password", { email, emailVerified: false }))).not.toThrow();
  });

  test("is asked in vain as often as Firebase likes: the same answer, and nothing is kept", () => {
    for (let time = 0; time < 3; time += 1) {
      expect(() => admitSignUp(event({ uid: "new", email: "ann@example.org" }))).not.toThrow();
      expect(() => admitSignUp(event({ uid: "new", email: "x@mailinator.com" }))).toThrow();
    }
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

  test("writes nothing whether it admits, refuses, or is asked again for a linked provider", async () => {
    const deps = readOnly();
    await expect(admitSignIn(deps, by("password"))).resolves.toMatchObject({ sessionClaims: {} });
    await expect(admitSignIn(deps, by("google.com"))).resolves.toMatchObject({ sessionClaims: {} });
    await expect(admitSignIn(deps, by("google.com"))).resolves.toMatchObject({ sessionClaims: {} });
    await expect(admitSignIn(deps, by("unheard.of"))).rejects.toMatchObject({ code: "identity/provider-refused" });
    await expect(admitSignIn(deps, by("password", { uid: "ann", disabled: true }))).rejects.toMatchObject({
      code: "identity/sign-in-refused",
    });
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

  test("knows the way by the event's type, which alone tells a link from a password", async () => {
    const { deps } = identity();
    const linked = { ...by("emailLink"), additionalUserInfo: { providerId: "password", isNewUser: false } };
    await expect(admitSignIn(deps, linked)).resolves.toMatchObject({ sessionClaims: { via: "emailLink" } });
    expect((await admitSignIn(deps, by("password"))).sessionClaims).not.toHaveProperty("via");
    const credential = { providerId: "google.com", signInMethod: "google.com" };
    await expect(admitSignIn(deps, { ...by(""), credential })).resolves.toMatchObject({ sessionClaims: {} });
    await expect(admitSignIn(deps, by(""))).rejects.toMatchObject({ code: "identity/provider-refused" });
  });
});
