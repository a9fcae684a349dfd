import { describe, expect, test } from "@jest/globals";
import { checkMail, isMailAddress, type Mail } from "./mail.js";

const mail = (over: Partial<Mail> = {}): Mail => ({
  id: "id-1",
  to: "ann@example.org",
  subject: "Hello",
  text: "Hi.",
  ...over,
});

describe("an address", () => {
  test.each([
    "ann@example.org",
    "ann.b+c@mail.example.org",
    "o'neill@example.org",
    "änn@müller.example",
    "a@localhost",
  ])("is one mailbox: %s", (address) => expect(isMailAddress(address)).toBe(true));

  test.each([
    "ann@example.org, eve@example.org",
    "ann@example.org;eve@example.org",
    "ann@example.org\r\nBcc: eve@example.org",
    "ann@example.org\nBcc: eve@example.org",
    "ann@example.org\0",
    "ann@example.org\u2028",
    "Ann <ann@example.org>",
    "<ann@example.org>",
    '"ann eve"@example.org',
    "ann(eve)@example.org",
    "@relay.example:ann@example.org",
    "list:ann@example.org",
    "ann@@example.org",
    "ann@",
    "@example.org",
    "ann@-example.org",
    "ann@example.org.",
    "ann@exa mple.org",
    `${"a".repeat(65)}@example.org`,
    `a@${"b".repeat(254)}`,
    "",
  ])("is refused: %j", (address) => expect(isMailAddress(address)).toBe(false));
});

test.each([
  { to: "ann@example.org\r\nBcc: eve@example.org" },
  { to: "ann@example.org,eve@example.org" },
  { subject: "Hello\r\nBcc: eve@example.org" },
  { subject: "Hello\nBcc: eve@example.org" },
  { subject: "Hello\u2028there" },
  { subject: "a".repeat(201) },
  { id: "1@evil>\r\nBcc: eve@example.org" },
  { id: "" },
])("a mail that could carry another header is refused: %j", (over) => {
  expect(() => checkMail(mail(over))).toThrow(TypeError);
  expect(() => checkMail(mail())).not.toThrow();
});
