import { describe, expect, test } from "@jest/globals";
import { eraseDocument } from "./erase-document.js";
import { planErasure, planHash } from "./erasure-plan.js";
import { shapesMap } from "./privacy.fixture.js";

const map = shapesMap();

describe("the plan of an erasure", () => {
  const plan = planErasure(map);
  const names = plan.steps.map((step) => ("name" in step ? step.name : step.do));

  test("has a step for every collection and folder that is about somebody, but for keys and pseudonyms", () => {
    const about = [...map.collections, ...map.folders]
      .filter(({ subject }) => subject.by !== "none")
      .map(({ name }) => name);
    expect(new Set(names)).toEqual(
      new Set([
        ...about.filter((name) => name !== "dataKeys" && name !== "auditPseudonyms"),
        ...["revoke", "destroy-keys", "scan", "forget-pseudonym", "delete-account", "sign-receipt"],
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("shuts the door first, and keeps what is needed to try again until nothing is left", () => {
    expect(names.slice(0, 2)).toEqual(["revoke", "privacyJobs"]);
    expect(names.slice(-5)).toEqual(["destroy-keys", "scan", "forget-pseudonym", "delete-account", "sign-receipt"]);
    expect(names.indexOf("secSessions")).toBeGreaterThan(names.indexOf("profiles"));
  });

  test("has a hash that changes with it", () => {
    expect(planHash(planErasure(map))).toBe(planHash(plan));
    expect(planHash({ ...plan, kept: [] })).not.toBe(planHash(plan));
  });
});

describe("what an erasure does to a document", () => {
  const change = (name: string, data: Record<string, unknown>) => eraseDocument(map.collection(name), "1", data);

  test.each([
    ["deletes it", "profiles", { name: "a" }, { do: "delete" }],
    [
      "takes the person and what tells of them",
      "replies",
      { author: "1", text: "a", topic: "t", other: 1 },
      { do: "reduce", remove: [["author"], ["text"], ["other"]] },
    ],
    [
      "keeps what must be kept, and nothing that was under the person's keys or could find it",
      "orders",
      { buyer: "1", total: "1", _e: { address: "x", undeclared: "z" }, _b: { undeclared: "y" }, _ek: 1, _bk: 1 },
      { do: "reduce", remove: [["_e"], ["_b"], ["_ek"], ["_bk"]] },
    ],
    [
      "leaves no blind index in what is anonymised",
      "replies",
      { topic: "t", _b: { text: "y" } },
      { do: "reduce", remove: [["_b"]] },
    ],
    [
      "takes the person out of what others share",
      "rooms",
      { members: ["1", "2"] },
      { do: "unlink", field: "members", uid: "1" },
    ],
    ["deletes what nobody is left in", "pairs", { both: ["1"] }, { do: "delete" }],
    [
      "leaves the empty room of an anonymised collection",
      "rooms",
      { members: ["1"] },
      { do: "unlink", field: "members", uid: "1" },
    ],
  ])("%s", (_, name, data, expected) => {
    expect(change(name, data)).toEqual(expected);
  });

  test("is nothing the second time", () => {
    expect(change("orders", { buyer: "1", total: "1" })).toEqual({ do: "nothing" });
    expect(change("rooms", { members: ["2"] })).toEqual({ do: "nothing" });
  });
});
