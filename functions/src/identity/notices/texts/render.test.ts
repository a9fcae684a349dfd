import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { checkMail } from "../../../platform/mail.js";
import type { Content } from "../content.js";
import type { NoticeKind } from "../notice.js";
import { en } from "./en.js";
import { render } from "./render.js";

const at = Date.UTC(2026, 10, 22, 12, 0, 10);
const consoleUrl = "https://security.example.com/";
const notice = (over: Partial<Content & { type: "notice" }> = {}): Content => ({
  type: "notice",
  kind: "new-device",
  facts: {},
  alsoTo: [],
  ...over,
});
const link = { page: "not-me", token: "t".repeat(43) } as const;

test.each(Object.keys(en.notices) as NoticeKind[])("%s says what happened, when, and what to do", (kind) => {
  const { subject, text, html } = render(notice({ kind }), { at, consoleUrl });
  expect(text).toContain("When: 2026-11-22 12:00 UTC");
  for (const sentence of [...en.notices[kind].says, ...en.notices[kind].todo]) expect(text).toContain(sentence);
  expect(html).toContain("When: 2026-11-22 12:00 UTC");
  expect(() => checkMail({ id: "1", to: "ann@example.org", subject, text })).not.toThrow();
});

test("facts stand each in a line of its own; one that no text knows is left out", () => {
  const { text } = render(notice({ facts: { device: "Firefox 140.0 on Linux", country: "DE", shoeSize: 42 } }), {
    at,
    consoleUrl,
  });
  const held = render(notice({ kind: "reset-requested", facts: { runsAt: at + 86_400_000 } }), { at, consoleUrl });
  expect(held.text).toContain("\nIt happens: 2026-11-23 12:00 UTC\n");
  expect(render(notice({ facts: { until: "soon" } }), { at, consoleUrl }).text).toContain("\nUntil: ?\n");
  expect(text).toContain("\nDevice: Firefox 140.0 on Linux\nCountry: DE\n");
  expect(text).not.toContain("42");
});

test("the link carries its token in the fragment, in both parts; without a console there is none", () => {
  const { text, html } = render(notice({ link }), { at, consoleUrl });
  expect(text).toContain(`\nhttps://security.example.com/#/not-me/${link.token}\n`);
  expect(html?.match(/href="[^"]*"/g)).toEqual([`href="https://security.example.com/#/not-me/${link.token}"`]);
  expect(render(notice({ link }), { at, consoleUrl: undefined }).text).not.toContain(link.token);
  expect(render(notice({ link: { ...link, page: "disown" } }), { at, consoleUrl }).text).toContain("/#/disown/");
});

describe("a fact that an attacker wrote", () => {
  test.each([
    ["<img src=x onerror=alert(1)>"],
    ["Open https://evil.example/login now"],
    ["http://evil.example"],
    ["evil.example"],
    ["//evil.example"],
    ['"><a href="//evil.example">'],
    ["a\r\nDevice: b\n\nThis was me"],
    ["\u202Egro.live"],
    ["x".repeat(10_000)],
  ])("neither breaks out nor becomes a link: %j", (device) => {
    const { text, html = "" } = render(notice({ facts: { device } }), { at, consoleUrl });
    const line = text.split("\n").find((each) => each.startsWith("Device: ")) ?? "";
    expect(text.split("\n").filter((each) => each.startsWith("Device: "))).toHaveLength(1);
    expect(line.length).toBeLessThan(200);
    expect(line).not.toMatch(/:\/\/|[<>"]|\.\p{L}|\p{Cf}/u);
    expect(html).not.toContain("<a");
    expect(html).not.toMatch(/<(?!\/?(!doctype|html|head|meta|title|body|p|br)\b)/i);
  });

  test("changes neither the subject nor the number of paragraphs, whatever it holds", () => {
    const plain = render(notice({ facts: { device: "a" } }), { at, consoleUrl });
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (device) => {
        const { subject, html = "", text } = render(notice({ facts: { device: `a${device}` } }), { at, consoleUrl });
        expect(subject).toBe(plain.subject);
        expect(html.match(/<p>/g)?.length).toBe(plain.html?.match(/<p>/g)?.length);
        expect(html.match(/<[^>]+>/g)).toEqual(plain.html?.match(/<[^>]+>/g));
        expect(text.split("\n")).toHaveLength(plain.text.split("\n").length);
      }),
      { numRuns: 1_000 },
    );
  });
});

test("a code is text only, without a link, and says how long it is good", () => {
  const content = { type: "code", code: "01234567", to: "", challenge: "", when: "always", minutes: 5 } as const;
  const mail = render(content, { at, consoleUrl });
  expect(mail).not.toHaveProperty("html");
  expect(mail.text).toContain("Code: 01234567\nGood for 5 minutes.");
  expect(mail.text).not.toMatch(/http|#\//);
  expect(mail.subject).not.toContain("01234567");
  const known = render(content, { at, consoleUrl, exists: true });
  expect(known.subject).toBe("You already have an account");
  expect(known.text).not.toContain("01234567");
  expect(render({ ...content, minutes: 1_440 }, { at, consoleUrl }).text).toContain("Good for 24 hours.");
});
