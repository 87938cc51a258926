import type { Logger } from "pino";
import { KubernetesUnreachableError } from "../kubernetes/client.ts";

/** How often the same kind of trouble is worth a warning. */
export const warningIntervalMs = 60_000;

/**
 * Makes the error handler of a queue, which tries again by itself: a warning now and then for what the API server
 * refuses. That the API server is away is everybody's trouble, and not a node's.
 *
 * @param kind what the queue's keys are, e.g. `pod`.
 */
export function createTroubleLog(kind: string, log: Logger): (key: string, error: unknown) => void {
  let warnedAt = Number.NEGATIVE_INFINITY;
  return (key, error) => {
    const reason = error instanceof Error ? error.message : String(error);
    const message = "Simulating failed for now; trying again.";
    if (error instanceof KubernetesUnreachableError || performance.now() - warnedAt < warningIntervalMs) {
      log.trace({ kind, key, reason }, message);
      return;
    }
    warnedAt = performance.now();
    log.warn({ kind, key, reason }, message);
  };
}
