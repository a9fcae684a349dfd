import { lazy } from "../../kernel/lazy.js";
import { firestore } from "../../platform/app.js";
import { deps, type IdentityDeps } from "../deps.js";
import type { DeviceStore } from "./device-store.js";
import { firestoreDeviceStore } from "./device-store.firestore.js";

/** What the use cases of trusted devices work with. */
export type DeviceDeps = Pick<IdentityDeps, "record" | "notify" | "clock"> & { readonly trusted: DeviceStore };

export const deviceDeps = lazy((): DeviceDeps => ({ ...deps(), trusted: firestoreDeviceStore(firestore) }));
