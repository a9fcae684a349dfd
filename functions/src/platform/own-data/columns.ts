import type { DataClass, FieldDeclaration, FieldType } from "../../kernel/data-map/declaration.js";

/** What Firekeep's own collections have in common: security of processing (GDPR Art. 32), nobody outside, callables only. */
export const securityProcessing = {
  purpose: "Security of processing (GDPR Art. 32)",
  legalBasis: "legitimate-interests",
  recipients: ["none"],
  access: { read: "nobody", write: "nobody" },
} as const;

/** Seen by the server. Stored plain, because the gate, the rules and queries read it. */
export const observed = (type: FieldType, dataClass: Exclude<DataClass, "RED"> = "AMBER"): FieldDeclaration =>
  field(dataClass, type, "observed");

/** Concluded by the server. */
export const inferred = (type: FieldType, dataClass: Exclude<DataClass, "RED"> = "AMBER"): FieldDeclaration =>
  field(dataClass, type, "inferred");

/** Said by the person or an operator. */
export const given = (type: FieldType, dataClass: Exclude<DataClass, "RED"> = "AMBER"): FieldDeclaration =>
  field(dataClass, type, "given");

/** Of no person: counters, states, times of the machinery. */
export const technical = (type: FieldType): FieldDeclaration => field("GREEN", type, "observed");

/** A credential or key in its own sealed form. Never exported. */
export const sealed = (type: FieldType): FieldDeclaration => ({ class: "RED", type, origin: "observed", sealed: true });

const field = (dataClass: DataClass, type: FieldType, origin: FieldDeclaration["origin"]): FieldDeclaration => ({
  class: dataClass,
  type,
  origin,
  stored: "plain",
});
