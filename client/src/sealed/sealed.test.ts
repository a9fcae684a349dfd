import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { openFileKey, newFileKey, rewrapFileKey, commitmentOf, ENVELOPE_BYTES } from "./file-key.ts";
import { createMasterKey, recoverMasterKey } from "./master-key.ts";
import { formatRecoveryKey, parseRecoveryKey } from "./recovery-key.ts";
import { openText, sealText } from "./text.ts";

const place = { purpose: "attachments", owner: "ann", name: "diary.pdf" };
const elsewhere = [
  { ...place, purpose: "attachment" },
  { ...place, owner: "bob" },
  { ...place, name: "diary.pdf " },
  { purpose: "attachmentsann", owner: "", name: "diary.pdf" }, // moves the border between two parts
];
const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const changed = Uint8Array.from(bytes);
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
};
const usable = (key: CryptoKey) =>
  crypto.subtle.sign("HMAC", key, new Uint8Array(1)).then((mac) => new Uint8Array(mac));

describe("a recovery key", () => {
  test("is printed in groups and read again, however it is typed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        const printed = formatRecoveryKey(key);
        expect(printed).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-Z*~$=]$/);
        const typed = ` ${printed.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")} `;
        expect(parseRecoveryKey(typed)).toEqual(Uint8Array.from(key));
      }),
    );
  });

  test("with one wrong symbol, two that changed places, or one missing is told before it is tried", () => {
    const printed = formatRecoveryKey(Uint8Array.from({ length: 32 }, (_, index) => index * 7));
    const symbols = printed.replaceAll("-", "").slice(0, -1);
    const malformed = expect.objectContaining({ code: "client/recovery-key-malformed" }) as unknown;
    const said = (typed: string): unknown => {
      try {
        return parseRecoveryKey(typed);
      } catch (error) {
        return error;
      }
    };
    const check = printed.at(-1) ?? "";
    for (let at = 0; at < symbols.length; at += 1) {
      const wrong = symbols[at] === "7" ? "8" : "7";
      expect(said(symbols.slice(0, at) + wrong + symbols.slice(at + 1) + check)).toEqual(malformed);
      expect(said(symbols.slice(0, at) + symbols.slice(at + 1) + check)).toEqual(malformed);
      const [a = "", b = ""] = symbols.slice(at, at + 2);
      if (a !== b && b !== "")
        expect(said(symbols.slice(0, at) + b + a + symbols.slice(at + 2) + check)).toEqual(malformed);
    }
    for (const nonsense of ["", "U", printed + "0", printed.replace("0", "U")])
      expect(said(nonsense)).toEqual(malformed);
  });

  test("gives the same key back on another device; a wrong one is known by the commitment", async () => {
    const { master, recoveryKey } = await createMasterKey();
    const sealed = await sealText(master, "Dear diary", place);
    const again = await recoverMasterKey(recoveryKey, commitmentOf(sealed));
    await expect(openText(again, sealed, place)).resolves.toBe("Dear diary");
    const other = await createMasterKey();
    await expect(recoverMasterKey(other.recoveryKey, commitmentOf(sealed))).rejects.toMatchObject({
      code: "client/sealed-key-wrong",
    });
  });
});

test("no part of a master key can be read by the page", async () => {
  const { master } = await createMasterKey();
  for (const key of [master.wrap, master.derive]) {
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
  }
});

describe("a file's envelope", () => {
  test("gives its key back to its owner's master key, for its own place only", async () => {
    const { master } = await createMasterKey();
    const { key, envelope } = await newFileKey(master, place);
    expect(envelope).toHaveLength(ENVELOPE_BYTES);
    expect(key.extractable).toBe(false);
    expect(await usable(await openFileKey(master, envelope, place))).toEqual(await usable(key));
    for (const other of elsewhere)
      await expect(openFileKey(master, envelope, other)).rejects.toMatchObject({ code: "client/sealed-altered" });
    const stranger = (await createMasterKey()).master;
    await expect(openFileKey(stranger, envelope, place)).rejects.toMatchObject({ code: "client/sealed-key-wrong" });
    for (let bit = 0; bit < envelope.length * 8; bit += 5)
      await expect(openFileKey(master, flipped(envelope, bit), place)).rejects.toThrow();
    await expect(openFileKey(master, envelope.slice(1), place)).rejects.toMatchObject({
      code: "client/sealed-altered",
    });
  });

  test("goes over to a new master key, and the old one opens it no more", async () => {
    const [from, to] = [(await createMasterKey()).master, (await createMasterKey()).master];
    const { key, envelope } = await newFileKey(from, place);
    const next = await rewrapFileKey({ from, to }, envelope, place);
    const opened = await openFileKey(to, next, place);
    expect(opened.extractable).toBe(false);
    expect(await usable(opened)).toEqual(await usable(key));
    await expect(openFileKey(from, next, place)).rejects.toMatchObject({ code: "client/sealed-key-wrong" });
  });
});

describe("a text", () => {
  test("is read again, whatever it holds, and tells its length only roughly", async () => {
    const { master } = await createMasterKey();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 40 }), async (text) => {
        const sealed = await sealText(master, text, place);
        expect((sealed.length - 105) % 32).toBe(0);
        expect(await openText(master, sealed, place)).toBe(text);
      }),
      { numRuns: 40 },
    );
    expect(await sealText(master, "yes", place)).toHaveLength((await sealText(master, "no", place)).length);
  });

  test("is refused elsewhere, under another key, and changed in any bit", async () => {
    const { master } = await createMasterKey();
    const sealed = await sealText(master, "\u0080 sea swimming", place);
    for (const other of elsewhere)
      await expect(openText(master, sealed, other)).rejects.toMatchObject({ code: "client/sealed-altered" });
    const stranger = (await createMasterKey()).master;
    await expect(openText(stranger, sealed, place)).rejects.toMatchObject({ code: "client/sealed-key-wrong" });
    for (let bit = 0; bit < sealed.length * 8; bit += 5)
      await expect(openText(master, flipped(sealed, bit), place)).rejects.toThrow();
    await expect(sealText(master, "x".repeat(100_001), place)).rejects.toThrow("seal it as a file");
  });
});
