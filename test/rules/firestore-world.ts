import { initializeTestEnvironment } from "@firebase/rules-unit-testing";
import * as sdk from "firebase/firestore";
import type { Collection } from "../../functions/src/kernel/data-map/map.js";
import { isNamedBySubject, OPERATIONS, type Operation } from "./expected.js";
import { PERSONAS, sessionDocument, SUBJECT, type Persona } from "./personas.js";
import { givenDocument, samplePath, storedDocument } from "./sample-document.js";

export type World = Awaited<ReturnType<typeof openWorld>>;

/** An emulated project under `rules`, in which every persona has a client and, where it has one, a session. */
export const openWorld = async (app: string, rules: string) => {
  sdk.setLogLevel("silent");
  const environment = await initializeTestEnvironment({ projectId: `demo-rules-${app}`, firestore: { rules } });
  await environment.clearFirestore();
  const clients = new Map(
    PERSONAS.map((persona) => {
      const { name, uid, sid } = persona;
      const claims = sid === undefined ? {} : { sid };
      const context =
        uid === undefined ? environment.unauthenticatedContext() : environment.authenticatedContext(uid, claims);
      return [name, context.firestore() as unknown as sdk.Firestore];
    }),
  );
  const as = ({ name }: Persona): sdk.Firestore => clients.get(name) ?? noClient(name);

  const withoutRules = (work: (firestore: sdk.Firestore) => Promise<unknown>): Promise<void> =>
    environment.withSecurityRulesDisabled(async (context) => {
      await work(context.firestore() as unknown as sdk.Firestore);
    });

  const seed = (collection: Collection, paths: readonly string[]): Promise<void> =>
    withoutRules((firestore) => {
      const document = storedDocument(collection, firestore);
      return Promise.all(paths.map((path) => sdk.setDoc(sdk.doc(firestore, path), document)));
    });

  await withoutRules((firestore) => {
    const withSession = PERSONAS.filter(({ session }) => session !== undefined);
    return Promise.all(
      withSession.map((persona) =>
        sdk.setDoc(sdk.doc(firestore, "secSessions", persona.sid ?? ""), sessionDocument(persona, Date.now())),
      ),
    );
  });

  let count = 0;
  const nextId = (): string => `sample-${String((count += 1))}`;

  return {
    as,
    allows,

    /** Every persona tries every operation on documents of the subject; each on one of its own, where there can be several. */
    attemptAll: async (collection: Collection, operations = OPERATIONS): Promise<string[]> => {
      const turns = PERSONAS.map((persona) => ({ persona, path: samplePath(collection, nextId()) }));
      const rows = new Map<string, string>();
      for (const operation of operations) {
        if (operation === "get") await seed(collection, [...new Set(turns.map(({ path }) => path))]);
        const attempts = turns.map(async ({ persona, path }) => {
          const allowed = await allows(attempt(collection, operation, sdk.doc(as(persona), path)));
          rows.set(`${persona.name}: ${operation}`, allowed ? "allowed" : "denied");
        });
        await Promise.all(attempts);
      }
      const order = PERSONAS.flatMap(({ name }) => operations.map((operation) => `${name}: ${operation}`));
      return order.map((row) => `${row} ${rows.get(row) ?? "not tried"}`);
    },

    /** Tries on under other rules. */
    useRules: async (text: string): Promise<void> => {
      const { host, port } = environment.emulators.firestore ?? noClient("Firestore");
      const url = `http://${host}:${String(port)}/emulator/v1/projects/${environment.projectId}:securityRules`;
      const body = JSON.stringify({ rules: { files: [{ content: text }] } });
      const response = await fetch(url, { method: "PUT", body });
      if (!response.ok) throw new Error(await response.text());
    },

    /** Whether the persona may change these fields of a document of the subject. */
    update: async (persona: Persona, collection: Collection, fields: sdk.DocumentData): Promise<boolean> => {
      const path = samplePath(collection, nextId());
      await seed(collection, [path]);
      return allows(
        sdk.updateDoc(sdk.doc(as(persona), path), { ...givenDocument(collection, as(persona)), ...fields }),
      );
    },

    /** Whether the persona may create a document that would be valid but for these fields. */
    create: async (persona: Persona, collection: Collection, fields: sdk.DocumentData): Promise<boolean> => {
      const path = samplePath(collection, nextId());
      await withoutRules((firestore) => sdk.deleteDoc(sdk.doc(firestore, path)));
      return allows(sdk.setDoc(sdk.doc(as(persona), path), { ...givenDocument(collection, as(persona)), ...fields }));
    },

    close: (): Promise<void> => environment.cleanup(),
  };
};

/** Whether the rules let it through. Whatever else goes wrong, fails the test. */
const allows = async (attempted: Promise<unknown>): Promise<boolean> => {
  try {
    await attempted;
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "permission-denied") return false;
    throw error;
  }
};

const attempt = (collection: Collection, operation: Operation, document: sdk.DocumentReference): Promise<unknown> => {
  const given = givenDocument(collection, document.firestore);
  if (operation === "get") return sdk.getDoc(document);
  if (operation === "list") return sdk.getDocs(subjectQuery(collection, document.parent));
  if (operation === "delete") return sdk.deleteDoc(document);
  return operation === "create" ? sdk.setDoc(document, given) : sdk.updateDoc(document, given);
};

const subjectQuery = (collection: Collection, parent: sdk.CollectionReference): sdk.Query => {
  const { subject } = collection;
  if (subject.by === "field") return sdk.query(parent, sdk.where(subject.field, "==", SUBJECT));
  if (subject.by === "array") return sdk.query(parent, sdk.where(subject.field, "array-contains", SUBJECT));
  return isNamedBySubject(collection) ? sdk.query(parent, sdk.limit(2)) : sdk.query(parent);
};

const noClient = (name: string): never => {
  throw new Error(`${name} has no client`);
};
