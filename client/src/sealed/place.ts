import { tuple, type Bytes } from "../bytes.ts";

/** Where something sealed belongs. It is opened only with the very same place: nothing can be passed off as something else. */
export interface Place {
  /** What it is for, such as `attachments` or `profiles.diary`. */
  readonly purpose: string;
  /** Account id of whom it belongs to. */
  readonly owner: string;
  /** Its name among the owner's things of this purpose: a file name, a document id. */
  readonly name: string;
}

/** What binds ciphertext to its place. */
export const associatedData = (kind: "file" | "file-key" | "text" | "lock", place: Place): Bytes =>
  tuple("firekeep-sealed/1", kind, place.purpose, place.owner, place.name);
