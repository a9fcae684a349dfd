import { initializeTestEnvironment } from "@firebase/rules-unit-testing";
import * as firestoreSdk from "firebase/firestore";
import * as sdk from "firebase/storage";
import type { Folder } from "../../functions/src/kernel/data-map/map.js";
import { fillPath } from "../../functions/src/kernel/data-map/paths.js";
import type { Operation } from "./expected.js";
import { OPERATIONS } from "./expected.js";
import { PERSONAS, sessionDocument, SUBJECT, type Persona } from "./personas.js";

export type StorageWorld = Awaited<ReturnType<typeof openStorageWorld>>;

interface Place {
  readonly project: string;
  readonly ports: { readonly firestore: number; readonly storage: number };
}

/** The bucket of a running suite, under the rules that it was started with: Storage rules are one for all of its users. */
export const openStorageWorld = async ({ project, ports }: Place) => {
  const environment = await initializeTestEnvironment({
    projectId: project,
    firestore: { host: "127.0.0.1", port: ports.firestore },
    storage: { host: "127.0.0.1", port: ports.storage },
  });
  const bucketUrl = `gs://${project}.appspot.com`;
  const clients = new Map(
    PERSONAS.map(({ name, uid, sid }) => {
      const claims = sid === undefined ? {} : { sid };
      const context =
        uid === undefined ? environment.unauthenticatedContext() : environment.authenticatedContext(uid, claims);
      return [name, context.storage(bucketUrl)];
    }),
  );
  const as = ({ name }: Persona): sdk.FirebaseStorage => {
    const client = clients.get(name);
    if (client === undefined) throw new Error(`${name} has no client`);
    return client;
  };
  const withoutRules = (
    work: (clients: { firestore: firestoreSdk.Firestore; storage: sdk.FirebaseStorage }) => Promise<unknown>,
  ) =>
    environment.withSecurityRulesDisabled(async (context) => {
      const firestore = context.firestore() as unknown as firestoreSdk.Firestore;
      await work({ firestore, storage: context.storage(bucketUrl) });
    });

  // The suite is shared: what is put in is named for this test, and taken out again.
  const sessions = PERSONAS.filter(({ session }) => session !== undefined);
  await withoutRules(({ firestore }) =>
    Promise.all(
      sessions.map((persona) =>
        firestoreSdk.setDoc(
          firestoreSdk.doc(firestore, "secSessions", persona.sid ?? ""),
          sessionDocument(persona, Date.now()),
        ),
      ),
    ),
  );
  const seeded = new Set<string>();

  const seed = (paths: readonly string[], contentType: string): Promise<void> =>
    withoutRules(({ storage }) => {
      for (const path of paths) seeded.add(path);
      return Promise.all(paths.map((path) => sdk.uploadBytes(sdk.ref(storage, path), SMALL, { contentType })));
    });

  let count = 0;

  return {
    as,
    allows,
    seed,

    /** Every persona tries every operation on objects of the subject, each on one of its own. */
    attemptAll: async (folder: Folder): Promise<string[]> => {
      const contentType = exampleType(folder);
      const turns = PERSONAS.map((persona) => ({
        persona,
        path: `${folderOf(folder, SUBJECT)}rules-${String((count += 1))}`,
      }));
      const rows: string[] = [];
      for (const operation of OPERATIONS) {
        if (operation === "get")
          await seed(
            turns.map(({ path }) => path),
            contentType,
          );
        for (const { persona, path } of turns) {
          if (operation === "create") seeded.add(path);
          const allowed = await allows(attempt(operation, sdk.ref(as(persona), path), contentType));
          rows.push(`${persona.name}: ${operation} ${allowed ? "allowed" : "denied"}`);
        }
      }
      return rows;
    },

    /** Whether the persona may upload these bytes as this type. */
    upload: (persona: Persona, path: string, bytes: Uint8Array, contentType?: string): Promise<boolean> => {
      seeded.add(path);
      const metadata = contentType === undefined ? {} : { contentType };
      return allows(sdk.uploadBytes(sdk.ref(as(persona), path), bytes, metadata));
    },

    close: async (): Promise<void> => {
      await withoutRules(async ({ firestore, storage }) => {
        await Promise.all([...seeded].map((path) => sdk.deleteObject(sdk.ref(storage, path)).catch(() => undefined)));
        await Promise.all(
          sessions.map(({ sid = "" }) => firestoreSdk.deleteDoc(firestoreSdk.doc(firestore, "secSessions", sid))),
        );
      });
      await environment.cleanup();
    },
  };
};

/** The folder of an account. */
export const folderOf = ({ folder, subject }: Folder, uid: string): string =>
  fillPath(folder, subject.by === "path" ? { [subject.variable]: uid } : {});

/** A content type that the folder takes. */
export const exampleType = ({ contentTypes }: Folder): string => (contentTypes[0] ?? "").replace("*", "png");

export const SMALL = new Uint8Array([1, 2, 3]);

/** Whether the rules let it through. An object that is not there was let through; whatever else goes wrong, fails the test. */
const allows = async (attempted: Promise<unknown>): Promise<boolean> => {
  try {
    await attempted;
    return true;
  } catch (error) {
    const code = (error as { code?: string }).code ?? "";
    if (code === "storage/object-not-found") return true;
    if (code === "storage/unauthorized" || code === "storage/unauthenticated") return false;
    throw error;
  }
};

const attempt = (operation: Operation, object: sdk.StorageReference, contentType: string): Promise<unknown> => {
  if (operation === "get") return sdk.getBytes(object);
  if (operation === "list") return sdk.listAll(object.parent ?? object);
  if (operation === "delete") return sdk.deleteObject(object);
  return sdk.uploadBytes(object, SMALL, { contentType });
};
