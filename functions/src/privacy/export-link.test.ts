import { createHmac } from "node:crypto";
import { expect, test } from "@jest/globals";
import { isSigned, signLink } from "./export-link.js";

const keyedHash = (label: string, value: Uint8Array) =>
  Promise.resolve(createHmac("sha256", `key of ${label}`).update(value).digest());
const link = { request: "request-of-22-letters", object: "exports/ann/request.json", expires: 1_000 };

const signatureOf = async () => new URLSearchParams(await signLink(keyedHash, link)).get("signature") ?? "";

test("a link opens its object until its time, and nothing else", async () => {
  const signature = await signatureOf();
  expect(await isSigned(keyedHash, link, signature)).toBe(true);
  for (const other of [{ object: "exports/bob/request.json" }, { expires: 2_000 }, { request: "another" }]) {
    expect(await isSigned(keyedHash, { ...link, ...other }, signature)).toBe(false);
  }
});

test("no other spelling of the signature is good, not even one that decodes to the same bytes", async () => {
  const signature = await signatureOf();
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (let at = 0; at < signature.length; at += 1) {
    for (const letter of alphabet.split("").filter((one) => one !== signature[at])) {
      expect(await isSigned(keyedHash, link, signature.slice(0, at) + letter + signature.slice(at + 1))).toBe(false);
    }
  }
  expect(await isSigned(keyedHash, link, `${signature}=`)).toBe(false);
});
