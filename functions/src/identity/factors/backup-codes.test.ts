import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { hashBackupCode, makeBackupCodes, newBackupCodes, readBackupCode } from "./backup-codes.js";
import { fakeEncryption } from "../identity.fixture.js";

describe("backup codes", () => {
  test("are ten, of 24 letters in six groups, without I, L, O and U, all different", () => {
    const codes = newBackupCodes((size) => randomBytes(size));
    expect(codes).toHaveLength(10);
    for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(new Set(codes).size).toBe(10);
  });

  test("use 120 bits: every letter takes each of 32 values", () => {
    const seen = new Set<string>();
    for (let byte = 0; byte < 256; byte += 1)
      seen.add(newBackupCodes((size) => new Uint8Array(size).fill(byte))[0]!.charAt(0));
    expect(seen.size).toBe(32);
  });

  test("are read whatever the case, spacing and look-alikes they were typed with", () => {
    expect(readBackupCode("01ab cdef-ghjk MNPQ rstv wxyz")).toBe("01ABCDEFGHJKMNPQRSTVWXYZ");
    expect(readBackupCode("OLABCDEFGHJKMNPQRSTVWXYZ")).toBe(readBackupCode("0iABCDEFGHJKMNPQRSTVWXYZ"));
  });

  test.each(["", "01AB", "01ABCDEFGHJKMNPQRSTVWXYZ0", "U1ABCDEFGHJKMNPQRSTVWXYZ", "01ABCDEFGHJKMNPQRSTVWXY!"])(
    "%p cannot be one",
    (typed) => expect(readBackupCode(typed)).toBeUndefined(),
  );

  test("are kept as keyed hashes that are bound to the account", async () => {
    const encryption = fakeEncryption();
    const { codes, hashes } = await makeBackupCodes({ encryption, random: (size) => randomBytes(size) }, "ann");
    expect(hashes.map((hash) => hash.length)).toEqual(Array(10).fill(32));
    const read = readBackupCode(codes[3]!)!;
    expect(await hashBackupCode({ encryption }, "ann", read)).toEqual(hashes[3]);
    expect(await hashBackupCode({ encryption }, "bob", read)).not.toEqual(hashes[3]);
  });
});
