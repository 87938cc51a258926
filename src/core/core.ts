import type { Cipher } from "../storage/cipher.ts";
import type { Queryable } from "../storage/database.ts";
import type { TaskQueue } from "../storage/queue.ts";

/** What the core's functions work with: the state and the means to keep it. Made once, when the service starts. */
export interface Core {
  readonly db: Queryable;
  readonly cipher: Cipher;
  readonly queue: TaskQueue;
  /** Where clusters that are made here are placed: the queue whose workers can reach them. */
  readonly placement: string;
}

/** The core inside a transaction. */
export const within = (core: Core, transaction: Queryable): Core => ({ ...core, db: transaction });
