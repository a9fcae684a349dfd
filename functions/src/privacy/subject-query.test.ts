import { describe, expect, test } from "@jest/globals";
import { finderOf, folderPrefix, isAbout, ownsObject } from "./subject-query.js";
import { shapesMap } from "./privacy.fixture.js";

const collection = (name: string) => shapesMap().collection(name);

describe("the way to somebody's documents", () => {
  test.each([
    ["profiles", { by: "document", path: "profiles/1" }],
    ["wishes", { by: "collection", path: "wishlists/1/wishes" }],
    ["pages", { by: "group", group: "pages", below: "diaries/1" }],
    ["seats", { by: "group", group: "seats" }],
    ["notes", { by: "collection", path: "notes", where: { field: "owner", is: "==", value: "1" } }],
    ["replies", { by: "group", group: "replies", where: { field: "author", is: "==", value: "1" } }],
    ["rooms", { by: "collection", path: "rooms", where: { field: "members", is: "array-contains", value: "1" } }],
    ["auditEntries", undefined],
  ])("in %s follows from its path and subject", (name, finder) => {
    expect(finderOf(collection(name), "1")).toEqual(finder);
  });

  test.each(["", "a/b", ".", ".."])("is refused for the account id %p, which could lead elsewhere", (uid) => {
    expect(() => finderOf(collection("profiles"), uid)).toThrow(TypeError);
  });

  test("ends at exactly theirs", () => {
    expect(isAbout(collection("wishes"), "1", { path: "wishlists/1/wishes/a", data: {} })).toBe(true);
    expect(isAbout(collection("wishes"), "1", { path: "wishlists/10/wishes/a", data: {} })).toBe(false);
    expect(isAbout(collection("wishes"), "1", { path: "other/1/wishes/a", data: {} })).toBe(false);
    expect(isAbout(collection("rooms"), "1", { path: "rooms/a", data: { members: ["10", "1"] } })).toBe(true);
    expect(isAbout(collection("rooms"), "1", { path: "rooms/a", data: { members: "1" } })).toBe(false);
  });
});

describe("somebody's folder", () => {
  test.each([
    ["photos/{uid}/", "photos/1/"],
    ["users/{uid}/photos/", "users/1/photos/"],
    ["users/{uid}/albums/{album}/", "users/1/albums/"],
    ["papers/{kind}/{uid}/", "papers/"],
  ])("of %s is listed under %s, which ends in its slash", (folder, prefix) => {
    expect(folderPrefix(folder, "uid", "1")).toBe(prefix);
  });

  test("holds objects of exactly theirs", () => {
    expect(ownsObject("photos/{uid}/", "uid", "1", "photos/1/a.png")).toBe(true);
    expect(ownsObject("photos/{uid}/", "uid", "1", "photos/10/a.png")).toBe(false);
    expect(ownsObject("papers/{kind}/{uid}/", "uid", "1", "papers/pass/1/a.png")).toBe(true);
    expect(ownsObject("papers/{kind}/{uid}/", "uid", "1", "papers/1/10/a.png")).toBe(false);
  });
});
