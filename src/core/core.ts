import type { Cipher } from "../storage/cipher.ts";
import type { Queryable } from "../storage/queryable.ts";
import type { TaskQueue } from "../storage/queue.ts";

/** What the core's functions work with: the state and the means to keep it. Made once, when the service starts. */
export interface Core {
  readonly db: Queryable;
  readonly cipher: Cipher;
  readonly queue: TaskQueue;
  /** Where clusters that are made here are placed: the queue whose workers can reach them. */
  readonly placement: string;
  /**
   * Address under which a cluster's service-account token keys are published (OpenID Connect Discovery 1.0), without
   * a slash at its end.
   */
  tokenIssuer(clusterId: string): string;
}

/** The core inside a transaction. */
export const within = (core: Core, transaction: Queryable): Core => ({ ...core, db: transaction });
