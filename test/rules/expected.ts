import type { Collection, Folder } from "../../functions/src/kernel/data-map/map.js";
import type { Permission } from "../../functions/src/platform/api.js";
import { rolesAllow } from "../../functions/src/platform/roles.js";
import { PERSONAS, SUBJECT, type Persona } from "./personas.js";

export type Operation = "get" | "list" | "create" | "update" | "delete";
export const OPERATIONS: readonly Operation[] = ["create", "get", "list", "update", "delete"];

/** What the map promises, said a second time and without the rules language: the matrix compares both. */
export const expectedInFirestore = (collection: Collection, persona: Persona, operation: Operation): boolean => {
  const { access, encrypted } = collection;
  const forMembers = access.read === "signed-in" && persona.live;
  if (operation === "get") return forMembers || mayRead(access, persona);
  // A list of documents that are each somebody's own is a list of people: for those who may read all of them.
  if (operation === "list") return forMembers || mayRead(withoutNamed(collection), persona);
  if (access.write === "nobody" || !isLiveSubject(persona)) return false;
  return operation !== "delete" || encrypted.length === 0;
};

/** The matrix of a collection: a row for everyone who asks and everything they may try. */
export const expectedRows = (collection: Collection, operations = OPERATIONS): string[] =>
  PERSONAS.flatMap((persona) =>
    operations.map((operation) => {
      const allowed = expectedInFirestore(collection, persona, operation);
      return `${persona.name}: ${operation} ${allowed ? "allowed" : "denied"}`;
    }),
  );

/** Others may get an object that they know the name of, and never list. What is encrypted nobody reaches directly. */
export const expectedInStorage = (folder: Folder, persona: Persona, operation: Operation): boolean => {
  const { access, stored } = folder;
  if (stored === "token") return false;
  const named = (access.read === "signed-in" && persona.live) || access.read === "public";
  if (operation === "get") return named || mayRead(access, persona);
  if (operation === "list")
    return mayRead({ ...access, read: access.read === "nobody" ? "nobody" : "subject" }, persona);
  return access.write === "subject" && isLiveSubject(persona);
};

/** Whether the document's own id is the account id, as in profiles/{uid}. */
export const isNamedBySubject = ({ subject, variables }: Collection): boolean =>
  subject.by === "path" && variables.at(-1) === subject.variable;

const withoutNamed = (collection: Collection): Collection["access"] => {
  const { access } = collection;
  return isNamedBySubject(collection) && access.read === "subject" ? { ...access, read: "nobody" } : access;
};

const mayRead = (access: Collection["access"], persona: Persona): boolean =>
  access.read === "public" ||
  (access.read === "subject" && isLiveSubject(persona)) ||
  mayOperate(access.operators, persona);

const isLiveSubject = (persona: Persona): boolean => persona.live && persona.uid === SUBJECT;

const mayOperate = (permission: Permission | undefined, { live, session }: Persona): boolean =>
  permission !== undefined && live && (session?.aal ?? 1) >= 2 && rolesAllow(session?.roles ?? [], permission);
