import type { Logger } from "pino";
import type { Core } from "../core/core.ts";
import { issuerPath } from "../server/token-issuers.ts";
import { createCipher, loadSecretKey } from "../storage/cipher.ts";
import type { Database } from "../storage/database.ts";
import type { Home } from "../storage/home.ts";
import { startTaskQueue } from "../storage/queue.ts";
import { placementOf } from "./homes.ts";

/**
 * What the core works with: the database, a cipher with this home's key, and the queue, which takes jobs from here on.
 * @param publicUrl address at which others reach the service
 */
export async function openCore(home: Home, database: Database, log: Logger, publicUrl: string): Promise<Core> {
  const placement = placementOf(home.id);
  const onError = (error: Error) => log.error({ err: error }, "The task queue had an error.");
  const queue = await startTaskQueue(database, placement, onError);
  return {
    db: database.db,
    cipher: createCipher(await loadSecretKey(home.path)),
    queue,
    placement,
    tokenIssuer: (clusterId) => `${publicUrl}${issuerPath(clusterId)}`,
  };
}
