import { deps as audit } from "../../functions/src/audit/deps.js";
import { deps as detection } from "../../functions/src/detection/deps.js";
import { deps as encryption } from "../../functions/src/encryption/deps.js";
import { deps as identity } from "../../functions/src/identity/deps.js";
import { deps as incidents } from "../../functions/src/incidents/deps.js";
import { deps as privacy } from "../../functions/src/privacy/deps.js";

/**
 * Mines every dependency of every use case: whichever is touched first throws what `make` makes, a plain error that the
 * product knows nothing of. So a call that passes the gate changes nothing, and fails in the one way that shows it passed.
 */
export const mineUseCases = (make: () => unknown): void => {
  for (const wiring of [audit(), detection(), encryption(), identity(), incidents(), privacy()]) {
    for (const name of Object.keys(wiring)) Object.defineProperty(wiring, name, { value: mine(make) });
  }
};

const mine = (make: () => unknown): unknown => {
  const self: unknown = new Proxy(() => undefined, {
    get: () => self,
    apply: () => {
      throw make();
    },
  });
  return self;
};
