import type { Firestore } from "firebase-admin/firestore";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import type { NativeTypes } from "./native-types.js";

export const firestoreNativeTypes = (firestore: () => Firestore): NativeTypes => ({
  kindOf: (value) => {
    const { Timestamp, GeoPoint, DocumentReference, FieldValue } = adminFirestoreSdk();
    if (value instanceof Timestamp || value instanceof Date) return "timestamp";
    if (value instanceof GeoPoint) return "geopoint";
    if (value instanceof DocumentReference) return "reference";
    return value instanceof FieldValue ? "sentinel" : undefined;
  },
  instant: (value) => {
    const { Timestamp } = adminFirestoreSdk();
    const { seconds, nanoseconds } =
      value instanceof Date ? Timestamp.fromDate(value) : (value as typeof Timestamp.prototype);
    return { seconds, nanoseconds };
  },
  timestamp: (seconds, nanoseconds) => new (adminFirestoreSdk().Timestamp)(seconds, nanoseconds),
  geopoint: (latitude, longitude) => new (adminFirestoreSdk().GeoPoint)(latitude, longitude),
  reference: (path) => firestore().doc(path),
});
