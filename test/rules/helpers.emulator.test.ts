import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { initializeTestEnvironment } from "@firebase/rules-unit-testing";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import * as sdk from "firebase/firestore";
import { config } from "../../functions/src/config.js";
import { canonicalJson } from "../../functions/src/kernel/canonical-json.js";
import { defineDataMap } from "../../functions/src/kernel/data-map/define.js";
import type { CollectionDeclaration } from "../../functions/src/kernel/data-map/declaration.js";
import { rulesFor } from "../../functions/src/kernel/data-map/rules/index.js";
import type { Session } from "../../functions/src/platform/session.js";
import { context, own } from "./maps.js";
import { sessionDocument } from "./personas.js";

const hashOf = (scope: string, what: object): string =>
  createHash("sha256")
    .update(canonicalJson([scope, what]))
    .digest("base64url");

const APPROVED = hashOf("payments.send", { amount: 500, to: "DE89" });

/** A question that rules may ask, by the name of a collection that is open to whoever it is true of. */
const QUESTIONS = {
  live: "hasLiveSession()",
  assurance2: "assuranceAtLeast(2)",
  assurance3: "assuranceAtLeast(3)",
  moderator: "hasRole('moderator')",
  content: "hasPermission('admin.content')",
  unknown: "hasPermission('admin.nothing')",
  project: "sameTenant(null)",
  shop: "sameTenant('shop')",
  bound: "boundToDevice()",
  stepped: "steppedUp('payments.send')",
  exact: "steppedUp('privacy.erase')",
  approved: `approved('payments.send', '${APPROVED}')`,
  approvednull: "approved('payments.send', null)",
} as const;
type Question = keyof typeof QUESTIONS;

const now = Date.now();
const STALE = now - config.session.stepUpMs - 1_000;

interface Who {
  readonly session?: Partial<Session>;
  /** What the token says instead: whose it is, which session it names, of which tenant. */
  readonly token?: { readonly uid?: string; readonly sid?: string | null; readonly tenant?: string };
  readonly open: readonly Question[];
}

const all: Partial<Session> = {
  aal: 3,
  roles: ["user", "moderator"],
  jkt: "k",
  stepUp: { any: { at: now }, "payments.send": { at: now }, "privacy.erase": { at: now } },
};

const WHO: Readonly<Record<string, Who>> = {
  "a live session": { open: ["live", "project"] },
  "one at AAL2": { session: { aal: 2 }, open: ["live", "project", "assurance2"] },
  "one at AAL3": { session: { aal: 3 }, open: ["live", "project", "assurance2", "assurance3"] },
  "a moderator's": { session: { roles: ["user", "moderator"] }, open: ["live", "project", "moderator", "content"] },
  "an admin's": { session: { roles: ["user", "admin"] }, open: ["live", "project"] },
  "one of a tenant": { session: { tenant: "shop" }, token: { tenant: "shop" }, open: ["live", "shop"] },
  "one of a tenant, token of the project": { session: { ...all, tenant: "shop" }, open: [] },
  "one of a tenant, token of another": { session: { ...all, tenant: "shop" }, token: { tenant: "bank" }, open: [] },
  "one of the project, token of a tenant": { session: all, token: { tenant: "shop" }, open: [] },
  "one bound to a device": { session: { jkt: "k" }, open: ["live", "project", "bound"] },
  "one stepped up for the scope": {
    session: { stepUp: { "payments.send": { at: now } } },
    open: ["live", "project", "stepped"],
  },
  "one stepped up for the scope too long ago": {
    session: { stepUp: { "payments.send": { at: STALE } } },
    open: ["live", "project"],
  },
  "one stepped up for anything": { session: { stepUp: { any: { at: now } } }, open: ["live", "project", "stepped"] },
  "one stepped up for anything too long ago": {
    session: { stepUp: { any: { at: STALE } } },
    open: ["live", "project"],
  },
  "one stepped up for the exact scope": {
    session: { stepUp: { "privacy.erase": { at: now } } },
    open: ["live", "project", "exact"],
  },
  "one stepped up for something else": {
    session: { stepUp: { "payments.edit": { at: now } } },
    open: ["live", "project"],
  },
  "one with the approval": {
    session: { stepUp: { "payments.send": { at: now, transaction: APPROVED } } },
    open: ["live", "project", "approved"],
  },
  "one with the approval, given too long ago": {
    session: { stepUp: { "payments.send": { at: STALE, transaction: APPROVED } } },
    open: ["live", "project"],
  },
  "one with an approval of something else": {
    session: { stepUp: { "payments.send": { at: now, transaction: hashOf("payments.send", { amount: 1 }) } } },
    open: ["live", "project"],
  },
  "one with all of it": {
    session: all,
    open: ["live", "project", "assurance2", "assurance3", "moderator", "content", "bound", "stepped", "exact"],
  },
  "all of it, revoked": { session: { ...all, revokedAt: 1 }, open: [] },
  "all of it, idle": { session: { ...all, idleExpiresAt: now - 1 }, open: [] },
  "all of it, too old": { session: { ...all, absoluteExpiresAt: now - 1 }, open: [] },
  "all of it, but risk demands a second factor": { session: { ...all, stepUpRequired: true }, open: [] },
  "all of it, asked for by another account": { session: all, token: { uid: "mallory" }, open: [] },
  "a token without a session": { session: all, token: { sid: null }, open: [] },
  "a token of a session that is not there": { session: all, token: { sid: "s-unknown" }, open: [] },
};
const NAMES = Object.keys(WHO);

const collection = (path: string, over: Partial<CollectionDeclaration> = {}): CollectionDeclaration => ({
  path,
  description: "A sample",
  subject: { by: "field", field: "from" },
  purpose: "Try the rules",
  legalBasis: "contract",
  retention: { days: "indefinite", then: "delete" },
  recipients: ["none"],
  erase: "delete",
  access: { read: "nobody", write: "nobody" },
  fields: {
    from: { class: "AMBER", type: "string", origin: "given", stored: "plain" },
    to: { class: "AMBER", type: "string", origin: "given", stored: "plain" },
    amount: { class: "AMBER", type: "number", origin: "given", stored: "plain" },
  },
  ...over,
});

const [, example = ""] =
  /```rules\n([\s\S]*?)```/.exec(readFileSync(join(__dirname, "../../docs/rules.md"), "utf8")) ?? [];
const questions = Object.entries(QUESTIONS).map(
  ([name, asked]) => `match /${name}/{id} {\n  allow get: if ${asked};\n}`,
);

const map = defineDataMap(
  {
    app: "helpers",
    controller: { name: "Sample Ltd", contact: "privacy@sample.example" },
    authRecord: { purpose: "Sign people in", legalBasis: "contract" },
    collections: {
      ...Object.fromEntries(Object.keys(QUESTIONS).map((name) => [name, collection(`${name}/{id}`)])),
      transfers: collection("transfers/{id}"),
      demanding: collection("demanding/{id}", {
        access: {
          read: "subject",
          write: "subject",
          needs: { read: { assurance: 2 }, write: { stepUp: "payments.send", device: true } },
        },
      }),
      restricted: collection("restricted/{id}", {
        access: { read: "signed-in", write: "nobody", needs: { read: { permission: "admin.content" } } },
      }),
    },
    folders: {},
  },
  own,
);
const rules = rulesFor(map, { ...context, own: { firestore: [example, ...questions].join("\n\n") } }).firestore;

let environment: Awaited<ReturnType<typeof initializeTestEnvironment>>;
const clients = new Map<string, sdk.Firestore>();
const sidOf = (name: string): string => `s-${String(NAMES.indexOf(name))}`;
const as = (name: string): sdk.Firestore => {
  const client = clients.get(name);
  if (client === undefined) throw new Error(`nobody is called "${name}"`);
  return client;
};

beforeAll(async () => {
  sdk.setLogLevel("silent");
  environment = await initializeTestEnvironment({ projectId: "demo-rules-helpers", firestore: { rules } });
  await environment.clearFirestore();
  for (const [name, { token = {} }] of Object.entries(WHO)) {
    const { uid = "alice", sid = sidOf(name), tenant } = token;
    const firebase = { sign_in_provider: "password" as const, identities: {}, ...(tenant !== undefined && { tenant }) };
    const claims = { firebase, ...(sid !== null && { sid }) };
    clients.set(name, environment.authenticatedContext(uid, claims).firestore() as unknown as sdk.Firestore);
  }
  await withoutRules(async (firestore) => {
    for (const [name, { session = {} }] of Object.entries(WHO)) {
      const persona = { name, uid: "alice", sid: sidOf(name), session, live: true };
      await sdk.setDoc(sdk.doc(firestore, "secSessions", sidOf(name)), sessionDocument(persona, now));
    }
    for (const name of [...Object.keys(QUESTIONS), "restricted"])
      await sdk.setDoc(sdk.doc(firestore, name, "sample"), TRANSFER);
  });
}, 60_000);
afterAll(() => environment.cleanup());

const TRANSFER = { from: "alice", to: "DE89", amount: 500 };

const withoutRules = (work: (firestore: sdk.Firestore) => Promise<unknown>): Promise<void> =>
  environment.withSecurityRulesDisabled(async (rulesFree) => {
    await work(rulesFree.firestore() as unknown as sdk.Firestore);
  });

const allows = async (attempted: Promise<unknown>): Promise<boolean> => {
  try {
    await attempted;
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "permission-denied") return false;
    throw error;
  }
};

/** The questions of which the rules let somebody through, in the order of the table. */
const openTo = async (name: string): Promise<Question[]> => {
  const asked = Object.keys(QUESTIONS) as Question[];
  const answers = await Promise.all(asked.map((each) => allows(sdk.getDoc(sdk.doc(as(name), each, "sample")))));
  return asked.filter((_, index) => answers[index]);
};

const inOrder = (open: readonly Question[]): Question[] =>
  (Object.keys(QUESTIONS) as Question[]).filter((each) => open.includes(each));

describe("what the rules answer of", () => {
  test.each(NAMES)("%s", async (name) => {
    expect(await openTo(name)).toEqual(inOrder(WHO[name]?.open ?? []));
  });

  test("somebody who is not signed in", async () => {
    const nobody = environment.unauthenticatedContext().firestore() as unknown as sdk.Firestore;
    for (const question of Object.keys(QUESTIONS))
      expect(await allows(sdk.getDoc(sdk.doc(nobody, question, "sample")))).toBe(false);
  });
});

describe("what the data map demands", () => {
  const attempt = async (name: string): Promise<string[]> => {
    const place = (id: string) => sdk.doc(as(name), "demanding", `${id}-${sidOf(name)}`);
    await withoutRules((firestore) =>
      sdk.setDoc(sdk.doc(firestore, "demanding", `there-${sidOf(name)}`), { from: "alice" }),
    );
    const theirs = sdk.query(sdk.collection(as(name), "demanding"), sdk.where("from", "==", "alice"));
    const rows: [string, Promise<unknown>][] = [
      ["get", sdk.getDoc(place("there"))],
      ["list", sdk.getDocs(theirs)],
      ["create", sdk.setDoc(place("new"), { from: "alice" })],
      ["update", sdk.updateDoc(place("there"), { amount: 2 })],
    ];
    const done: string[] = [];
    for (const [operation, attempted] of rows) if (await allows(attempted)) done.push(operation);
    if (await allows(sdk.deleteDoc(place("there")))) done.push("delete");
    if (await allows(sdk.getDoc(sdk.doc(as(name), "restricted", "sample")))) done.push("restricted");
    return done;
  };
  const writes = ["create", "update", "delete"];

  test.each<[string, string[]]>([
    ["a live session", []],
    ["one at AAL2", ["get", "list"]],
    ["one bound to a device", []],
    ["one stepped up for the scope", []],
    ["a moderator's", ["restricted"]],
    ["one with all of it", ["get", "list", ...writes, "restricted"]],
    ["all of it, revoked", []],
    ["all of it, idle", []],
    ["all of it, but risk demands a second factor", []],
    ["all of it, asked for by another account", []],
    ["one of the project, token of a tenant", []],
  ])("of %s", async (name, expected) => {
    expect(await attempt(name)).toEqual(expected);
  });
});

describe("a team's own rules, as docs/rules.md has them", () => {
  const approvedBy = async (transaction: string | undefined, jkt: string | undefined = "k"): Promise<sdk.Firestore> => {
    const stepUp = { "payments.send": { at: now, ...(transaction !== undefined && { transaction }) } };
    const session = { ...sessionDocument({ name: "", uid: "alice", sid: "s-payer", live: true }, now), stepUp };
    await withoutRules((firestore) =>
      sdk.setDoc(sdk.doc(firestore, "secSessions", "s-payer"), { ...session, ...(jkt !== "" && { jkt }) }),
    );
    return environment.authenticatedContext("alice", { sid: "s-payer" }).firestore() as unknown as sdk.Firestore;
  };
  const pay = (firestore: sdk.Firestore, id: string, payment: object = TRANSFER): Promise<boolean> =>
    allows(sdk.setDoc(sdk.doc(firestore, "transfers", id), payment));
  const remove = (id: string) => withoutRules((firestore) => sdk.deleteDoc(sdk.doc(firestore, "transfers", id)));

  test("let through exactly what was approved, once", async () => {
    const payer = await approvedBy(APPROVED);
    expect(await pay(payer, APPROVED)).toBe(true);
    expect(await pay(payer, APPROVED)).toBe(false);
    await remove(APPROVED);
  });

  test("refuse another amount, payee, payer or id under the same approval", async () => {
    const payer = await approvedBy(APPROVED);
    for (const changed of [{ amount: 501 }, { to: "DE90" }, { from: "bob" }, { amount: 500.5 }, { more: 1 }])
      expect(await pay(payer, APPROVED, { ...TRANSFER, ...changed })).toBe(false);
    expect(await pay(payer, hashOf("payments.send", { amount: 501, to: "DE89" }), { ...TRANSFER, amount: 501 })).toBe(
      false,
    );
    expect(await pay(payer, "any")).toBe(false);
  });

  test("refuse a step-up that approved nothing, and a session without a device key", async () => {
    expect(await pay(await approvedBy(undefined), APPROVED)).toBe(false);
    expect(await pay(await approvedBy(APPROVED, ""), APPROVED)).toBe(false);
  });

  test("reach collections of the app's only, each by its whole path", () => {
    const refused = (firestore: string) => () => rulesFor(map, { ...context, own: { firestore } });
    const block = (path: string) => `match ${path} { allow read: if true; }`;
    for (const path of [
      "/secUsers/{uid}",
      "/{any}/{id}",
      "/{rest=**}",
      "/transfers/{id=**}",
      "/transfers/{id}/deep/{more}",
    ])
      expect(refused(block(path))).toThrow(/no such path of the app's/);
    expect(refused("match /transfers/{id} { match /deep/{more} { } }")).toThrow(/whole path/);
    expect(refused(`${block("/transfers/{id}")} }`)).toThrow(/brace/);
    expect(refused("match /transfers/{id} {")).toThrow(/brace/);
    expect(refused("rules_version = '1';")).toThrow(/rules_version/);
    expect(refused(`// ${block("/secUsers/{uid}")}\n${block("/transfers/{any}")}`)).not.toThrow();
  });
});

describe("the table notices when somebody loosens", () => {
  const LOOSENED: readonly (readonly [what: string, was: string, now: string, who: string])[] = [
    [
      "the tenant",
      "request.auth.token.firebase.get('tenant', null) == session.get('tenant', null)",
      "true",
      "one of the project, token of a tenant",
    ],
    [
      "how long a step-up lasts",
      `- mark.get('at', 0) < ${String(config.session.stepUpMs)}`,
      "- mark.get('at', 0) < 86400000",
      "one stepped up for the scope too long ago",
    ],
    [
      "that an approval opens nothing else",
      "&& mark(scope).get('transaction', null) == null",
      "",
      "one with the approval",
    ],
    [
      "what was approved",
      "mark(scope).get('transaction', null) == hash",
      "mark(scope).get('transaction', null) != null",
      "one with an approval of something else",
    ],
    ["that nothing approves nothing", "hash is string && ", "", "one stepped up for the scope"],
    ["exact scopes", "!(scope in ['identity.factors'", "!('any' in ['identity.factors'", "one stepped up for anything"],
    ["the device", "session().get('jkt', null) != null", "true", "a live session"],
    ["the role", "role in session().roles", "true", "a live session"],
  ];
  test.each(LOOSENED)("%s", async (_, was, now_, who) => {
    const loosened = rules.replaceAll(was, now_);
    expect(loosened).not.toBe(rules);
    await useRules(loosened);
    expect(await openTo(who)).not.toEqual(inOrder(WHO[who]?.open ?? []));
  });

  afterAll(() => useRules(rules));
});

const useRules = async (text: string): Promise<void> => {
  const { host, port } = environment.emulators.firestore ?? { host: "", port: 0 };
  const url = `http://${host}:${String(port)}/emulator/v1/projects/${environment.projectId}:securityRules`;
  const response = await fetch(url, { method: "PUT", body: JSON.stringify({ rules: { files: [{ content: text }] } }) });
  if (!response.ok) throw new Error(await response.text());
};
