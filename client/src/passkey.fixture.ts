/** What the ceremonies need of a browser, in Node: a page at localhost with one input, and credentials that answer at once. */
export interface FakeBrowser {
  readonly creationOptions: object;
  readonly requestOptions: object;
  /** Calls of the Signal API, in order. */
  readonly told: readonly (readonly [name: string, what: unknown])[];
  /** Ceremonies fail by this name from now on. */
  readonly refuseWith: (name: string) => void;
  readonly breakSignals: () => void;
  /** Autofill ceremonies wait until this is called, or they are aborted. */
  readonly pick: () => void;
  /** How many ceremonies were begun. */
  readonly begun: () => number;
  readonly remove: () => void;
}

export const fakeBrowser = (): FakeBrowser => {
  const told: [string, unknown][] = [];
  const state = { refusal: undefined as string | undefined, begun: 0, pick: (): void => undefined };
  const signal = (name: string) => (what: unknown) => {
    told.push([name, what]);
    return Promise.resolve();
  };
  const api = Object.assign(() => undefined, {
    isConditionalMediationAvailable: () => Promise.resolve(true),
    signalUnknownCredential: signal("signalUnknownCredential"),
    signalAllAcceptedCredentials: signal("signalAllAcceptedCredentials"),
    signalCurrentUserDetails: signal("signalCurrentUserDetails"),
  });
  const answer = (response: object) => {
    if (state.refusal !== undefined) return Promise.reject(named(state.refusal));
    return Promise.resolve({ ...CREDENTIAL, response });
  };
  const get = ({ mediation, signal: aborted }: { mediation?: string; signal?: AbortSignal }) => {
    state.begun += 1;
    if (mediation !== "conditional") return answer(ASSERTION);
    return new Promise((resolve, reject) => {
      state.pick = () => resolve({ ...CREDENTIAL, response: ASSERTION });
      aborted?.addEventListener("abort", () => reject(named("AbortError")));
    });
  };
  const create = () => {
    state.begun += 1;
    return answer(ATTESTATION);
  };
  const put = (name: string, value: unknown) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { configurable: true, value });
    return () =>
      before === undefined ? Reflect.deleteProperty(globalThis, name) : Object.defineProperty(globalThis, name, before);
  };
  const undo = [
    put("PublicKeyCredential", api),
    put("navigator", { credentials: { get, create } }),
    put("document", { querySelectorAll: () => [{}] }),
    put("location", { hostname: "localhost" }),
  ];
  return {
    creationOptions: CREATION_OPTIONS,
    requestOptions: REQUEST_OPTIONS,
    told,
    refuseWith: (name) => (state.refusal = name),
    breakSignals: () => {
      api.signalAllAcceptedCredentials = () => Promise.reject(named("SecurityError"));
    },
    pick: () => state.pick(),
    begun: () => state.begun,
    remove: () => undo.forEach((restore) => restore()),
  };
};

const named = (name: string): Error => Object.assign(new Error(name), { name });
const bytes = (...values: number[]) => new Uint8Array(values).buffer;

const CREDENTIAL = {
  id: "Y3JlZA",
  rawId: bytes(99, 114, 101, 100),
  type: "public-key",
  authenticatorAttachment: "platform",
  getClientExtensionResults: () => ({}),
};
const ASSERTION = {
  authenticatorData: bytes(1),
  clientDataJSON: bytes(2),
  signature: bytes(3),
  userHandle: bytes(4),
};
const ATTESTATION = { attestationObject: bytes(1), clientDataJSON: bytes(2), getTransports: () => ["internal"] };
const REQUEST_OPTIONS = {
  rpId: "localhost",
  challenge: "AAAA",
  timeout: 300_000,
  allowCredentials: [],
  userVerification: "preferred",
};
const CREATION_OPTIONS = {
  rp: { id: "localhost", name: "Firekeep" },
  user: { id: "AAAA", name: "ann@example.org", displayName: "Ann" },
  challenge: "AAAA",
  pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  timeout: 300_000,
  excludeCredentials: [],
  authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "preferred" },
  attestation: "none",
  extensions: { credProps: true },
};
