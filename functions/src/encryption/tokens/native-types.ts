import type { DocumentReference, GeoPoint, Timestamp } from "firebase-admin/firestore";

/** The classes of Firestore's value types, so that no SDK is loaded by a document that has none of them. */
export interface NativeTypes {
  /** Which of Firestore's own classes this object is of. A Date counts as a timestamp; a server-side transform is a sentinel. */
  kindOf(value: object): "timestamp" | "geopoint" | "reference" | "sentinel" | undefined;
  /** Accepts a Timestamp or a Date. */
  instant(value: object): { seconds: number; nanoseconds: number };
  timestamp(seconds: number, nanoseconds: number): Timestamp;
  geopoint(latitude: number, longitude: number): GeoPoint;
  /** @param path slash-separated, relative to the database */
  reference(path: string): DocumentReference;
}
