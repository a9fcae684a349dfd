import type { Access } from "../../audit/index.js";
import type { SecurityEvent } from "../../kernel/event.js";
import type { RandomBytes } from "../../kernel/random.js";
import type { Clock } from "../../kernel/time.js";
import type { RateLimiter } from "../../platform/rate-limit.js";
import type { SessionReader } from "../../platform/session-store.js";
import type { SealDeps } from "../tokens/seal-document.js";
import type { Cut } from "./file-layout.js";
import type { ObjectStore } from "./object-store.js";
import type { StoredFileStore } from "./stored-file.js";
import type { TicketStore } from "./ticket-store.js";

/** What the use cases of files stand on. */
export interface FilesDeps extends SealDeps {
  readonly storedFiles: StoredFileStore;
  readonly tickets: TicketStore;
  readonly objects: ObjectStore;
  readonly sessions: Pick<SessionReader, "find" | "touch">;
  readonly limiter: RateLimiter;
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly recordAccess: (access: Access) => Promise<void>;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly cut: Cut;
}
