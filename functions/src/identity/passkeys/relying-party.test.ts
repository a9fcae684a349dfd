import { afterEach, describe, expect, test } from "@jest/globals";
import { policyOf } from "./policy.js";
import { relatedOrigins, relyingParty } from "./relying-party.js";

const set = (id: string, origins: string): void => {
  process.env["FIREKEEP_RP_ID"] = id;
  process.env["FIREKEEP_ORIGINS"] = origins;
};
afterEach(() => set("", ""));

const APP = `android:apk-key-hash:${"A".repeat(43)}`;

describe("the relying party", () => {
  test("is what the project says: domain, exact origins, Android apps", () => {
    set("example.com", ` https://example.com,https://app.example.com:8443 , ${APP},http://localhost:5000`);
    expect(relyingParty()).toMatchObject({
      id: "example.com",
      origins: ["https://example.com", "https://app.example.com:8443", APP, "http://localhost:5000"],
    });
  });

  test.each([
    ["", "https://example.com", "config/missing"],
    ["example.com", "", "config/missing"],
    ["example.com", " , ", "config/malformed"],
    ["https://example.com", "https://example.com", "config/malformed"],
    ["Example.com", "https://example.com", "config/malformed"],
    ["example.com", "http://example.com", "config/malformed"],
    ["example.com", "https://example.com/", "config/malformed"],
    ["example.com", "https://*.example.com", "config/malformed"],
    ["example.com", "android:apk-key-hash:short", "config/malformed"],
    ["example.com", "null", "config/malformed"],
  ])("of %p with origins %p is refused (%s)", (id, origins, code) => {
    set(id, origins);
    expect(relyingParty).toThrow(expect.objectContaining({ code }));
  });

  test("tells browsers which other web origins may use its passkeys", () => {
    expect(
      relatedOrigins({ origins: ["https://example.com", APP, "http://localhost:5000", "https://example.de"] }),
    ).toEqual({
      origins: ["https://example.com", "https://example.de"],
    });
  });
});

describe("what is asked of a passkey", () => {
  const base = { userVerification: "preferred", backupEligible: "allow", attestation: "none" } as const;
  const policies = {
    default: base,
    admin: { userVerification: "required", backupEligible: "refuse" },
    clerk: { attestation: "direct" },
    auditor: { attestation: "trusted", backupEligible: "allow" },
  } as const;

  test("is the strictest of what the roles ask, in whatever order they come", () => {
    const strict = { userVerification: "required", backupEligible: "refuse", attestation: "trusted" };
    expect(policyOf(["user"], policies)).toEqual(base);
    expect(policyOf(["admin", "clerk", "auditor"], policies)).toEqual(strict);
    expect(policyOf(["auditor", "clerk", "admin"], policies)).toEqual(strict);
  });

  test("is not changed by a role that is called like something else", () => {
    for (const role of ["default", "constructor", "__proto__", "toString"])
      expect(policyOf([role], policies)).toEqual(base);
  });
});
