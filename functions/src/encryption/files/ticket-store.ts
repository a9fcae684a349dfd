import { createHash } from "node:crypto";
import type { RandomBytes } from "../../kernel/random.js";
import type { EpochMs } from "../../kernel/time.js";

/** What a ticket lets its holder do: send parts of one file, or fetch it. It ends with the session that got it. */
export interface Ticket {
  readonly uid: string;
  readonly sid: string;
  readonly file: string;
  readonly purpose: "upload" | "download";
  readonly until: EpochMs;
}

/** Tickets by their hash: who reads the store can use none of them. */
export interface TicketStore {
  put(hash: string, ticket: Ticket): Promise<void>;
  find(hash: string): Promise<Ticket | undefined>;
}

/** A new ticket: 256 random bits in base64url, of which only the hash is kept. */
export const issueTicket = async (
  deps: { tickets: TicketStore; random: RandomBytes },
  ticket: Ticket,
): Promise<{ ticket: string; ticketExpiresAt: EpochMs }> => {
  const secret = Buffer.from(deps.random(32)).toString("base64url");
  await deps.tickets.put(hashTicket(secret), ticket);
  return { ticket: secret, ticketExpiresAt: ticket.until };
};

/** @param secret of 256 bits, so that a fast hash is enough */
export const hashTicket = (secret: string): string => createHash("sha256").update(secret, "utf8").digest("base64url");

export const memoryTickets = (): TicketStore => {
  const tickets = new Map<string, Ticket>();
  return {
    put: (hash, ticket) => {
      tickets.set(hash, ticket);
      return Promise.resolve();
    },
    find: (hash) => Promise.resolve(tickets.get(hash)),
  };
};
