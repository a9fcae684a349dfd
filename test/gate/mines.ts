import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Mines every dependency of every use case: whichever is touched first throws what `make` makes, a plain error that the
 * product knows nothing of. So a call that passes the gate changes nothing, and fails in the one way that shows it passed.
 */
export const mineUseCases = (make: () => unknown): void => {
  const wirings = allDeps();
  for (const wiring of wirings)
    for (const name of Object.keys(wiring)) Object.defineProperty(wiring, name, { value: mine(make) });
};

const SOURCE = join(__dirname, "../../functions/src");

/** What every `deps.ts` of the product wires, made before any of it is mined: one may be made of another. */
const allDeps = (): object[] => {
  const require = createRequire(join(__dirname, "mines.ts"));
  const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((file) =>
    /(^|\/)deps\.ts$/.test(file),
  );
  const wirings = files.flatMap((file) =>
    Object.entries(require(join(SOURCE, file)) as Readonly<Record<string, unknown>>)
      .filter(([name]) => /deps$/i.test(name))
      .map(([, wire]) => (wire as () => object)()),
  );
  if (wirings.length < 6) throw new Error("the use cases' dependencies were not found");
  return wirings;
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
