import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { fillPath, groupOf, matchPath, overlaps, variablesOf } from "./paths.js";

test.each([
  ["profiles/{uid}", "profiles/u1", { uid: "u1" }],
  ["chats/{chat}/messages/{message}", "chats/c/messages/m", { chat: "c", message: "m" }],
  ["photos/{uid}/", "photos/u1/2026/cat.jpg", { uid: "u1" }],
  ["profiles/{uid}", "profiles/u1/consents/c1", undefined],
  ["profiles/{uid}", "people/u1", undefined],
  ["profiles/{uid}", "profiles/", undefined],
  ["photos/{uid}/", "photos/u1", undefined],
  ["photos/{uid}/", "photos//cat.jpg", undefined],
])("%s against %s", (template, path, params) => {
  expect(matchPath(template, path)).toEqual(params);
});

test("a path that was filled matches its template with the same values", () => {
  const id = fc.stringMatching(/^[\w$&'`-]{1,20}$/).filter((value) => value !== "." && value !== "..");
  fc.assert(
    fc.property(id, id, (chat, message) => {
      const params = { chat, message };
      expect(matchPath("chats/{chat}/messages/{message}", fillPath("chats/{chat}/messages/{message}", params))).toEqual(
        params,
      );
    }),
  );
});

test.each([{}, { uid: "" }, { uid: "u1/other" }, { uid: ".." }])("refuses to fill a path with %j", (params) => {
  expect(() => fillPath("profiles/{uid}", params)).toThrow("needs a value for {uid} that is one segment");
});

test("groups and variables are read from the template", () => {
  expect(groupOf("chats/{chat}/messages/{message}")).toBe("messages");
  expect(variablesOf("chats/{chat}/messages/{message}")).toEqual(["chat", "message"]);
});

test.each([
  ["a/{x}", "a/{y}", true],
  ["a/{x}", "a/fixed", true],
  ["a/{x}", "b/{x}", false],
  ["a/{x}", "a/{x}/b/{y}", false],
  ["photos/{uid}/", "photos/{uid}/small/", true],
  ["photos/{uid}/", "pictures/{uid}/", false],
])("%s and %s overlap: %s", (one, other, expected) => {
  expect(overlaps(one, other)).toBe(expected);
  expect(overlaps(other, one)).toBe(expected);
});
