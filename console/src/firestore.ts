import { connectFirestoreEmulator, getFirestore, type Firestore } from "firebase/firestore";
import { hostAndPort, type Backend } from "./backend.ts";

/** The database, for pages that read live. Only they load its SDK: signing in does without. */
export const openFirestore = (backend: Backend): Firestore => {
  opened ??= connect(backend);
  return opened;
};

let opened: Firestore | undefined;

const connect = ({ app, config }: Backend): Firestore => {
  const firestore = getFirestore(app);
  if (config.emulators !== undefined) connectFirestoreEmulator(firestore, ...hostAndPort(config.emulators.firestore));
  return firestore;
};
