import type { Handle } from "./api.ts";
import { kmsError } from "./errors.ts";
import { findKeyRing } from "./find.ts";
import { requireId, requireName } from "./names.ts";
import { byName, pageOf } from "./page.ts";
import { presentKeyRing } from "./present.ts";

export const createKeyRing: Handle<"CreateKeyRing"> = ({ store, now }, request) => {
  const name = `${requireName("location", request.parent)}/keyRings/${requireId(request.keyRingId)}`;
  if (store.rings.has(name)) throw kmsError("already-exists", `KeyRing ${name}`);
  const ring = { name, createdAtMs: now() };
  store.rings.set(name, ring);
  store.save();
  return presentKeyRing(ring);
};

export const getKeyRing: Handle<"GetKeyRing"> = (kms, { name }) => presentKeyRing(findKeyRing(kms, name));

export const listKeyRings: Handle<"ListKeyRings"> = ({ store }, request) => {
  const prefix = `${requireName("location", request.parent)}/keyRings/`;
  const rings = [...store.rings.values()].filter(({ name }) => name.startsWith(prefix)).sort(byName);
  const { items, ...page } = pageOf(rings, request);
  return { keyRings: items.map(presentKeyRing), ...page };
};
