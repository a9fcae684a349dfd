/** A way to encrypt one text for one place, as its own documentation does it. Its keys are made beforehand. */
export interface Peer {
  readonly name: string;
  /** Whether it binds the place (associated data); the others ignore it. */
  readonly bindsPlace: boolean;
  readonly commits: boolean;
  readonly seal: (text: string, place: Place) => Sealed | Promise<Sealed>;
  readonly open: (sealed: Sealed, place: Place) => string | Promise<string>;
}

/** What would be stored. */
export type Sealed = string | Uint8Array;

/** What a value is bound to. Made before the clock runs: peers get it for nothing, ours makes its own each time. */
export interface Place {
  readonly text: string;
  readonly bytes: Buffer;
}
