/** The session secret as the device keeps it: 32 random bytes in base64url each. */
export interface KeptSecret {
  /** The one in force, as far as this device knows. */
  readonly present: string;
  /** Sent to the server, whose answer has not come yet. Kept before it is sent, so that a lost answer loses nothing. */
  readonly pending?: string;
  /** When `present` came into force, epoch milliseconds. */
  readonly since: number;
}

/** Where a device keeps its key and the session's secret. One for each origin and Firebase app. */
export interface DeviceStore {
  readonly findKey: () => Promise<CryptoKeyPair | undefined>;
  /** Keeps the key unless there is one already, and answers the one that is kept: the same in every tab. */
  readonly keepKey: (fresh: CryptoKeyPair) => Promise<CryptoKeyPair>;
  readonly findSecret: () => Promise<KeptSecret | undefined>;
  /** Replaces the secret; undefined forgets it. */
  readonly keepSecret: (secret: KeptSecret | undefined) => Promise<void>;
  /** Runs one `work` at a time, over all tabs where the browser can. */
  readonly alone: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** Keeps everything in this process: for Node, tests, and pages that must leave nothing behind. */
export const memoryDeviceStore = (): DeviceStore => {
  let key: CryptoKeyPair | undefined;
  let secret: KeptSecret | undefined;
  return {
    findKey: () => Promise.resolve(key),
    keepKey: (fresh) => Promise.resolve((key ??= fresh)),
    findSecret: () => Promise.resolve(secret),
    keepSecret: (next) => {
      secret = next;
      return Promise.resolve();
    },
    alone: oneAtATime(),
  };
};

/** A queue within this process. */
export const oneAtATime = (): DeviceStore["alone"] => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
};
