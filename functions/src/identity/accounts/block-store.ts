import type { EpochMs } from "../../kernel/time.js";

/** `secBlocks/{id}`: an account, a network, or the pair, refused until a time. The id is made from what is blocked. */
export interface Block {
  readonly uid?: string;
  /** /24, or /48 in IPv6. */
  readonly networkPrefix?: string;
  readonly until: EpochMs;
  /** Public name, such as `second-factor-burst`. */
  readonly reason: string;
  readonly incident?: string;
  readonly at: EpochMs;
}

export interface BlockStore {
  /** Keeps the block unless one that lasts longer is there. */
  put(id: string, block: Block): Promise<void>;
  findAll(ids: readonly string[]): Promise<Block[]>;
}

export const memoryBlockStore = (): BlockStore => {
  const blocks = new Map<string, Block>();
  return {
    put: (id, block) => {
      if ((blocks.get(id)?.until ?? 0) < block.until) blocks.set(id, block);
      return Promise.resolve();
    },
    findAll: (ids) => Promise.resolve(ids.flatMap((id) => blocks.get(id) ?? [])),
  };
};
