import { expect, test } from "@jest/globals";
import { totpCode } from "./authenticator-app.ts";

// RFC 6238 appendix B, SHA-1, the last six of eight digits. The seed is "12345678901234567890" in base32.
test.each([
  [59, "287082"],
  [1111111109, "081804"],
  [1234567890, "005924"],
  [20000000000, "353130"],
])("at %d s the app shows %s", (seconds, code) => {
  expect(totpCode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Math.floor(seconds / 30))).toBe(code);
});
