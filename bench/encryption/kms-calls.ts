import { lessIsBetter, withGoal, type Metric } from "../harness/report.ts";
import { countingKms, openGround, openStores, TEN } from "./ground.ts";
import { rounded, tell } from "./measure.ts";

const USERS = 10_000;
const DOCUMENTS = 1_000;
const SETTLE = 30_000;
const NAIVE = "one KMS call a field";

/**
 * KMS calls of a ten-field write. Whose document it is follows Zipf(1) over 10 000 people, all of whom have keys; one instance
 * with its cache of `config.keys.cacheEntries`, after 30 000 documents have filled it. `.cold`: the first 1 000 of an
 * instance that has just started. `.twoClasses`: where half of the fields are AMBER and half RED, which are two keys. Time
 * stands still, so that no key expires: the cache's size is what is measured.
 */
export const measureKmsCalls = async (): Promise<Record<string, Metric>> => {
  tell(`KMS calls of ${String(DOCUMENTS)} ten-field documents, Zipf(1) over ${String(USERS)} people`);
  const [one, two] = [await countCalls("tens"), await countCalls("mixed")];
  const beside = (value: number): Metric =>
    lessIsBetter({ value: rounded(value), unit: "calls/doc", peer: NAIVE, peerValue: TEN.length });
  return {
    kmsCallsPerDoc: withGoal(beside(one.settled), { atMost: 0.12 }),
    "kmsCallsPerDoc.cold": beside(one.cold),
    "kmsCallsPerDoc.twoClasses": beside(two.settled),
  };
};

const countCalls = async (collection: string): Promise<{ cold: number; settled: number }> => {
  const stores = openStores();
  const people = Array.from({ length: USERS }, (_, index) => `user-${String(index)}`);
  const maker = openGround({ stores });
  for (const uid of people) await maker.seal(documentOf(collection, uid));
  const { kms, calls, reset } = countingKms();
  const { seal } = openGround({ kms, stores });
  const draw = zipf(USERS);
  const write = async (times: number): Promise<number> => {
    reset();
    for (let index = 0; index < times; index += 1) await seal(documentOf(collection, people[draw()] ?? ""));
    return calls();
  };
  const cold = await write(DOCUMENTS);
  await write(SETTLE);
  const rounds = 20;
  return { cold: cold / DOCUMENTS, settled: (await write(rounds * DOCUMENTS)) / (rounds * DOCUMENTS) };
};

const documentOf = (collection: string, uid: string) => ({
  collection,
  path: `${collection}/${uid}`,
  subject: uid,
  values: Object.fromEntries(TEN.map((name) => [name, "x"])),
});

/** Ranks 0 … count - 1, the k-th with probability proportional to 1 / (k + 1). Always the same row of draws. */
const zipf = (count: number): (() => number) => {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank += 1) sums[rank] = sum += 1 / (rank + 1);
  let state = 20_261_122;
  return () => {
    // Numerical Recipes' generator: a benchmark wants the same draws every time, not unpredictable ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const wanted = (state / 2 ** 32) * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
};

/** Two hundred reads of a person at once whose key nobody holds: an instance that was just started, under load. */
export const measureStampede = async (): Promise<Record<string, Metric>> => {
  const stores = openStores();
  const document = documentOf("tens", "somebody");
  const data = await openGround({ stores }).seal(document);
  const { kms, calls } = countingKms(20);
  const { open } = openGround({ kms, stores });
  const opened = await Promise.all(
    Array.from({ length: 200 }, () => open({ collection: "tens", path: document.path, data })),
  );
  if (opened.some((values) => values["f9"] !== "x")) throw new Error("a reader got something else");
  const metric = { value: calls(), unit: "calls", peer: "a cache without single flight", peerValue: 200 };
  return { stampedeCalls: withGoal(lessIsBetter(metric), { atMost: 1 }) };
};
