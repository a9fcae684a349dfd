import { Bytes, GeoPoint, Timestamp, type DocumentData, type Firestore, doc } from "firebase/firestore";
import type { FieldType } from "../../functions/src/kernel/data-map/declaration.js";
import type { Collection } from "../../functions/src/kernel/data-map/map.js";
import { fillPath } from "../../functions/src/kernel/data-map/paths.js";
import { SUBJECT } from "./personas.js";

/** Path of the sample document: about the subject where the path says whom it is about. */
export const samplePath = (collection: Collection, id = "sample"): string => {
  const { subject, variables, path } = collection;
  const params = variables.map((name) => [name, subject.by === "path" && subject.variable === name ? SUBJECT : id]);
  return fillPath(path, Object.fromEntries(params) as Record<string, string>);
};

/** A document as the functions would store it: plain fields, tokens under `_e`. */
export const storedDocument = (collection: Collection, firestore: Firestore): DocumentData => {
  const plain = Object.values(collection.fields).filter(({ stored }) => stored === "plain");
  const tokens = collection.encrypted.map(({ name }) => [name, Bytes.fromUint8Array(new Uint8Array(64))] as const);
  const document: DocumentData = Object.fromEntries(
    plain.map(({ name, type }) => [name, sampleValue(type, firestore)]),
  );
  return {
    ...document,
    ...subjectValue(collection),
    ...(tokens.length > 0 && { _e: Object.fromEntries(tokens), _ek: 1 }),
  };
};

/** What a client may send: the plain fields that its person gives. */
export const givenDocument = (collection: Collection, firestore: Firestore): DocumentData => {
  const given = Object.values(collection.fields).filter(
    ({ stored, origin }) => stored === "plain" && origin === "given",
  );
  const document: DocumentData = Object.fromEntries(
    given.map(({ name, type }) => [name, sampleValue(type, firestore)]),
  );
  return { ...document, ...subjectValue(collection) };
};

export const sampleValue = (type: FieldType, firestore: Firestore): unknown => {
  const samples: Record<FieldType, unknown> = {
    string: "text",
    number: 42,
    boolean: true,
    timestamp: Timestamp.fromMillis(1_700_000_000_000),
    map: { one: 1 },
    array: ["one"],
    bytes: Bytes.fromUint8Array(new Uint8Array(8)),
    geopoint: new GeoPoint(0, 0),
    reference: doc(firestore, "any/document"),
  };
  return samples[type];
};

const subjectValue = ({ subject }: Collection): DocumentData => {
  if (subject.by === "field") return { [subject.field]: SUBJECT };
  return subject.by === "array" ? { [subject.field]: [SUBJECT, "carol"] } : {};
};
