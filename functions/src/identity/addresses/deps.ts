import { lazy } from "../../kernel/lazy.js";
import { firestore } from "../../platform/app.js";
import { codeDeps } from "../codes/deps.js";
import { firestoreContactStore } from "./contact-store.firestore.js";

/** Recovery addresses as deployed: one per instance. */
export const addressesDeps = lazy(() => ({ ...codeDeps(), contacts: firestoreContactStore(firestore) }));
