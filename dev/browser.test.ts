import { expect, test } from "@jest/globals";
import { findChromium } from "./browser.ts";

const only =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path);

test("CHROME_PATH goes before PATH, Chromium before Chrome", () => {
  expect(findChromium({ CHROME_PATH: "/my/chrome", PATH: "/bin" }, only("/my/chrome", "/bin/chromium"))).toBe(
    "/my/chrome",
  );
  expect(findChromium({ PATH: "/a:/b" }, only("/a/google-chrome", "/b/chromium"))).toBe("/b/chromium");
  expect(findChromium({ PATH: "/a:/b" }, only("/a/google-chrome"))).toBe("/a/google-chrome");
});

test("a wrong CHROME_PATH is refused, not passed over", () => {
  expect(() => findChromium({ CHROME_PATH: "/gone", PATH: "/bin" }, only("/bin/chromium"))).toThrow(
    "CHROME_PATH names /gone",
  );
});

test("none is one sentence with the remedy", () => {
  expect(() => findChromium({ PATH: "/bin" }, only())).toThrow(
    /^no Chromium or Chrome was found\. Install one .*CHROME_PATH at it\.$/,
  );
});
