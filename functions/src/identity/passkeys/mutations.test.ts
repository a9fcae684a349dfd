import { expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { DomainError } from "../../kernel/errors.js";
import { RP } from "../identity.fixture.js";
import { reasonOf } from "./refusal.js";
import { cbor, create, encode, get, newKey, type KeyKind } from "./soft-authenticator.fixture.js";
import { readAssertion, verifyAssertion } from "./verify-assertion.js";
import { verifyRegistration } from "./verify-registration.js";

/** Of each ceremony; divided among three kinds of key. */
const MUTATIONS = 50_001;
const SEED = 20_261_122;
const CHALLENGE = encode(Buffer.alloc(32, 0x5a));
const HANDLE = encode(Buffer.alloc(32, 0x33));

type Answer = { id: string; rawId: string; type: string; response: Record<string, string> };
type Draw = (below: number) => number;

// Marsaglia's xorshift32: the same mutations in every run.
const draws = (seed: number): Draw => {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
};

const pick = <Value>(draw: Draw, values: readonly Value[]): Value => values[draw(values.length)]!;

/** Changes bytes: bits, a byte, an end cut off, a piece moved, doubled, left out or put in from elsewhere. */
const mutateBytes = (draw: Draw, bytes: Buffer, other: Buffer): Buffer => {
  const at = draw(bytes.length);
  const length = 1 + draw(16);
  const splice = (middle: Uint8Array, skip: number) =>
    Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(at + skip)]);
  const changes: (() => Buffer)[] = [
    () => splice(Buffer.from([bytes.readUInt8(at) ^ (1 << draw(8))]), 1),
    () => splice(Buffer.from([draw(256)]), 1),
    () => bytes.subarray(0, at),
    () => bytes.subarray(at),
    () => splice(bytes.subarray(at, at + length), 0),
    () => splice(Buffer.alloc(0), length),
    () => splice(other.subarray(draw(other.length)).subarray(0, length), length),
    () => splice(Buffer.from(Array.from({ length }, () => draw(256))), 0),
  ];
  // Half are single bits: those come closest to what is right.
  return draw(2) === 0 ? changes[0]!() : pick(draw, changes)();
};

/** Changes client data as JSON: a member left out, changed, twice, of another type, or the whole in another spelling. */
const mutateJson = (draw: Draw, text: string): string => {
  const data = JSON.parse(text) as Record<string, unknown>;
  const name = pick(draw, Object.keys(data));
  const value = data[name];
  const changes: (() => string)[] = [
    () => JSON.stringify(Object.fromEntries(Object.entries(data).filter(([each]) => each !== name))),
    () =>
      JSON.stringify({ ...data, [name]: pick(draw, [null, true, 7, [], {}, [value], { value }, `${String(value)} `]) }),
    () => `${text.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`,
    () => JSON.stringify({ ...data, topOrigin: pick(draw, ["https://evil.example", "", null]) }),
    () => text.replaceAll(",", pick(draw, [", ", ",\n", ",,"])),
    () => JSON.stringify({ ...data, [`x${String(draw(100))}`]: draw(100) }),
  ];
  return pick(draw, changes)();
};

const mutate = (draw: Draw, answer: Answer, other: Answer): Answer => {
  const name = pick(draw, Object.keys(answer.response));
  const [text, foreign] = [answer.response[name]!, other.response[name]!];
  const withPart = (value: unknown): Answer => ({
    ...answer,
    response: { ...answer.response, [name]: value as string },
  });
  const kind = draw(20);
  if (kind < 12)
    return withPart(encode(mutateBytes(draw, Buffer.from(text, "base64url"), Buffer.from(foreign, "base64url"))));
  if (kind < 15) {
    const json = mutateJson(draw, Buffer.from(answer.response["clientDataJSON"]!, "base64url").toString());
    return { ...answer, response: { ...answer.response, clientDataJSON: encode(Buffer.from(json)) } };
  }
  if (kind < 17) return withPart(`${text.slice(0, draw(text.length))}${pick(draw, ["", "=", "+", " ", "é", "A"])}`);
  if (kind < 18) return withPart(pick(draw, [undefined, null, 7, true, {}, [], [text], foreign]));
  const id = encode(mutateBytes(draw, Buffer.from(answer.id, "base64url"), Buffer.from(other.id, "base64url")));
  return { ...answer, ...pick(draw, [{ id }, { rawId: id }, { id, rawId: id }, { type: id }]) };
};

const judge = async (run: () => Promise<unknown>): Promise<string> => {
  try {
    await run();
    return "accepted";
  } catch (error) {
    const ours = error instanceof DomainError && error.code === "identity/passkey-rejected";
    return ours ? reasonOf(error) : `unhandled: ${String(error)}`;
  }
};

/** Two credentials of a kind: one that is under attack, and one to take pieces from. */
const enrolled = (kind: KeyKind) => {
  const [hers, his] = [7, 8].map((fill) => ({ key: newKey(kind), id: Buffer.alloc(32, fill), userHandle: HANDLE }));
  const registration = (passkey = hers!): Answer => {
    const { response, ...envelope } = create({ passkey, challenge: CHALLENGE, attestation: "self" });
    const { clientDataJSON, attestationObject } = response; // what is signed; nobody vouches for the transports
    return { ...envelope, response: { clientDataJSON, attestationObject } };
  };
  const assertion = (passkey = hers!): Answer => get({ passkey, challenge: CHALLENGE, counter: 5 });
  const known = { id: encode(hers!.id), publicKey: cbor(hers!.key.cose), backupEligible: false };
  const register = (response: unknown) =>
    verifyRegistration(RP, { response, challenge: CHALLENGE, policy: config.passkeys.policies.default });
  const assert = async (response: unknown) => {
    const given = { challenge: CHALLENGE, passkey: known, userHandle: HANDLE, named: false };
    return verifyAssertion(RP, { response: readAssertion(response), ...given });
  };
  return { registration, assertion, register, assert, his: his! };
};

const attack = async (
  draw: Draw,
  times: number,
  sides: { honest: Answer; other: Answer; verify: (answer: Answer) => Promise<unknown> },
) => {
  const { honest, other, verify } = sides;
  const outcomes = new Map<string, number>();
  expect(await judge(() => verify(honest))).toBe("accepted");
  const original = JSON.stringify(honest);
  for (let done = 0; done < times;) {
    const mutant = mutate(draw, honest, other);
    if (JSON.stringify(mutant) === original) continue;
    const outcome = await judge(() => verify(mutant));
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    done += 1;
  }
  return outcomes;
};

const KINDS: readonly KeyKind[] = ["ES256", "EdDSA", "RS256"];

test("100 000 seeded mutations of valid answers: none is accepted, none fails but by a refusal, and many reach the signature", async () => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // nobody reads a hundred thousand stacks
  const draw = draws(SEED);
  const total = new Map<string, number>();
  for (const kind of KINDS) {
    const { registration, assertion, register, assert, his } = enrolled(kind);
    for (const sides of [
      { honest: registration(), other: registration(his), verify: register },
      { honest: assertion(), other: assertion(his), verify: assert },
    ]) {
      const outcomes = await attack(draw, MUTATIONS / KINDS.length, sides);
      for (const [outcome, count] of outcomes) total.set(outcome, (total.get(outcome) ?? 0) + count);
    }
  }
  Error.stackTraceLimit = stackTraceLimit;
  const wrong = [...total].filter(([outcome]) => outcome === "accepted" || outcome.startsWith("unhandled"));
  expect(wrong).toEqual([]);
  expect([...total.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(100_000);
  expect((total.get("signature") ?? 0) + (total.get("attestation") ?? 0)).toBeGreaterThan(10_000);
}, 600_000);
