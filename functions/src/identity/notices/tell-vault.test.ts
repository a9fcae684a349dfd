import { expect, test } from "@jest/globals";
import type { EventMessage } from "../../kernel/event.js";
import { codeWorld } from "../codes/codes.fixture.js";
import type { Notice } from "./notice.js";
import { keepNotice } from "./stage-notice.js";
import { tellVault } from "./tell-vault.js";

const message = (over: Partial<EventMessage> = {}): EventMessage => ({
  id: "e1",
  at: 1,
  name: "encryption.vault-opened",
  class: "datastore-activity",
  activity: 1,
  severity: "high",
  outcome: "success",
  subject: "ann",
  actor: "olga",
  detail: { request: "r1", purpose: "legal-claim", collection: "verifications", fields: ["documentNumber"] },
  ...over,
});

const withoutSubject = (named: EventMessage): EventMessage => {
  const entries = Object.entries(named).filter(([name]) => name !== "subject");
  return Object.fromEntries(entries) as unknown as EventMessage;
};

/** Olga, omar and otto are officers. */
const told = async (...messages: EventMessage[]) => {
  const world = codeWorld();
  const notices: Notice[] = [];
  const deps = {
    notify: async (notice: Notice) => {
      notices.push(notice);
      await keepNotice(world.deps, notice);
    },
    roles: {
      holders: async (role: string) =>
        role === "privacy-officer" ? ["olga", "omar", "otto"].map((uid) => ({ uid, roles: [role] })) : [],
    },
    pseudonymOf: async (uid: string) => `pseudonym-of-${uid}`,
  };
  for (const each of messages) await tellVault(() => deps, each);
  await world.deliver();
  return { mails: world.mails, to: notices.map(({ uid, kind }) => `${uid}: ${kind}`) };
};

test("the person is told of an opening once, however often the message comes, and neither which field nor by whom", async () => {
  const { mails } = await told(message(), message(), message({ name: "encryption.vault-released" }));
  expect(mails).toHaveLength(1);
  const { text } = mails[0] as { text: string };
  expect(text).toContain("For what: legal claim");
  expect(text).not.toMatch(/documentNumber|verifications|olga/);
});

test("the end of a silence tells, the silent opening itself and everything else do not", async () => {
  const silent = withoutSubject(message());
  const others = [
    message({ name: "encryption.vault-approved" }),
    message({ detail: {} }),
    message({ name: "vault-opened" }),
  ];
  expect((await told(silent, ...others)).to).toEqual([]);
  expect((await told(message({ name: "encryption.vault-released" }))).to).toEqual(["ann: vault-opened"]);
});

test("the officers are told of a request, but not who asked nor whom it is about, silent or not", async () => {
  const asked = message({ name: "encryption.vault-requested" });
  expect((await told(asked)).to).toEqual(["omar: vault-requested", "otto: vault-requested"]);
  expect((await told({ ...asked, subject: "otto" })).to).toEqual(["omar: vault-requested"]);
  const silent = withoutSubject(asked);
  const detail = { ...asked.detail, silent: "investigation", about: "pseudonym-of-omar" };
  expect((await told({ ...silent, detail })).to).toEqual(["otto: vault-requested"]);
});
