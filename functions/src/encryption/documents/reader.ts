import type { Access } from "../../audit/index.js";
import type { LegalBasis } from "../../kernel/data-map/declaration.js";
import { encryptionError } from "../errors.js";
import type { Values } from "../tokens/seal-document.js";
import type { DocumentPlan } from "../tokens/document-plan.js";

/** Who opens somebody's data, and why. */
export interface Reader {
  /** The person themselves, staff, or a job that nobody waits for. */
  readonly actor: "subject" | "operator" | "system";
  /** The account that looks: needed of an operator, who is named to the log and not to the subject. */
  readonly actorUid?: string;
  /** What for; the collection's own purpose and legal basis unless given. */
  readonly purpose?: string;
  readonly legalBasis?: LegalBasis;
}

/** A document that was opened: whose, where, and what of it is shown. */
export interface OpenedDocument {
  readonly plan: DocumentPlan;
  readonly path: string;
  readonly subject: string;
  readonly values: Readonly<Values>;
}

/** What one reader opens in one go. Nothing of it may be shown before `settle` has come back. */
export interface Reading {
  readonly reader: Reader;
  /** Takes down that a document was opened. @throws encryption/reading-over, encryption/subject-wrong */
  opened(document: OpenedDocument): void;
  /** Puts everything on record in one go, and ends the reading. */
  settle(): Promise<void>;
}

export interface ReadingDeps {
  readonly recordAccesses: (accesses: readonly Access[]) => Promise<void>;
}

export interface ReadingOptions {
  /** One entry a person and collection, which names every declared field that was in it: for exports of many documents. */
  readonly summary?: boolean;
}

/**
 * One entry a document and reader: its RED fields (L4 among them); for operators also documents that have none.
 *
 * @throws encryption/reader-missing
 */
export const startReading = (deps: ReadingDeps, reader: Reader, { summary = false }: ReadingOptions = {}): Reading => {
  checkReader(reader);
  const accesses = new Map<string, Access>();
  let isOver = false;
  const reading: Reading = {
    reader,
    opened: (document) => {
      if (isOver) throw encryptionError("reading-over");
      if (reader.actor === "subject" && reader.actorUid !== undefined && reader.actorUid !== document.subject)
        throw encryptionError("subject-wrong");
      const { plan, path, subject } = document;
      const place = `${plan.collection.name}\n${summary ? subject : path}`;
      const shown = Object.keys(document.values).flatMap((name) => plan.fields.get(name)?.field ?? []);
      const told = shown.filter((field) => summary || field.class === "RED").map(({ name }) => name);
      if (told.length === 0 && reader.actor !== "operator") return;
      const fields = new Set([...(accesses.get(place)?.fields ?? []), ...told]);
      accesses.set(place, accessOf(reader, document, [...fields]));
    },
    settle: async () => {
      isOver = true;
      if (accesses.size > 0) await deps.recordAccesses([...accesses.values()]);
    },
  };
  readings.add(reading);
  return reading;
};

/** Whether it was started here: whatever else looks like one puts nothing on record. */
export const isReading = (value: Reader | Reading): value is Reading => readings.has(value);

const readings = new WeakSet<object>();

/**
 * Runs `read`, in which documents may be opened without waiting, and holds its result back until every opening is on record.
 * When one cannot be recorded, the result is thrown away.
 *
 * @throws encryption/reader-missing, audit/unavailable, and whatever `read` throws: what was opened until then is on record
 */
export const readWith = async <Result>(
  deps: ReadingDeps,
  reader: Reader,
  read: (reading: Reading) => Result | Promise<Result>,
  options?: ReadingOptions,
): Promise<Result> => {
  const reading = startReading(deps, reader, options);
  try {
    return await read(reading);
  } finally {
    await reading.settle();
  }
};

const checkReader = (reader: Reader | undefined): void => {
  const known = reader !== undefined && ACTORS.has(reader.actor);
  if (!known || (reader.actor === "operator" && !reader.actorUid)) throw encryptionError("reader-missing");
};

const ACTORS: ReadonlySet<unknown> = new Set<Reader["actor"]>(["subject", "operator", "system"]);

const accessOf = (reader: Reader, { plan, subject }: OpenedDocument, fields: readonly string[]): Access => {
  const { name, purpose, legalBasis } = plan.collection;
  return {
    subject,
    actor: reader.actor,
    ...(reader.actor === "operator" && reader.actorUid !== undefined && { actorUid: reader.actorUid }),
    collection: name,
    fields,
    purpose: reader.purpose ?? purpose,
    legalBasis: reader.legalBasis ?? legalBasis,
    action: "read",
  };
};
