import type { Cluster } from "../core/clusters/cluster.ts";
import { isUsable } from "../core/clusters/cluster.ts";
import { getCluster } from "../core/clusters/clusters.ts";
import { addEvent, type ClusterEvent } from "../core/events/events.ts";
import type { Limiter } from "../machine/limit.ts";
import { loadClusterRecord } from "./cluster-record.ts";
import type { Workshop } from "./run-task.ts";

/** Tries to take one cluster up. @returns whether nothing is left to be tried. Never rejects. */
export type TakeUp = () => Promise<boolean>;

/**
 * What is told of the attempts is told on a change alone: a cause that stays is an event once, however often it is met.
 * @param boot gives clusters that have to boot their turns
 * @param signal fires when the cluster is given up
 */
export function takeUpOf(workshop: Workshop, clusterId: string, boot: Limiter, signal: AbortSignal): TakeUp {
  const { core, log } = workshop;
  let told: string | undefined;

  async function tell(cluster: Cluster, failure: string | undefined): Promise<void> {
    if (failure === told) return;
    const event: Pick<ClusterEvent, "level" | "reason" | "message"> =
      failure === undefined
        ? { level: "info", reason: "Resumed", message: "The cluster was taken up again." }
        : { level: "error", reason: "ResumeFailed", message: `The cluster could not be taken up again: ${failure}` };
    await addEvent(core, { accountId: cluster.accountId, clusterId, taskId: null, ...event });
    told = failure;
  }

  /** @returns why it could not be taken up */
  async function attempt(cluster: Cluster): Promise<Error | undefined> {
    try {
      const record = await loadClusterRecord(core, cluster, workshop.versionPolicy);
      await workshop.substrate.resume(record, { signal, turn: (run) => boot(run, signal) });
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  async function takeUp(): Promise<boolean> {
    const cluster = await getCluster(core, clusterId);
    if (!cluster || !isUsable(cluster)) return true;
    const failure = await attempt(cluster);
    if (signal.aborted) return true;
    if (failure)
      log.error({ err: failure, clusterId }, "A cluster could not be taken up again; that is tried once more.");
    else log.info({ clusterId }, "A cluster was taken up again.");
    await tell(cluster, failure?.message);
    return failure === undefined;
  }

  return () =>
    takeUp().catch((error: unknown) => {
      log.error({ err: error, clusterId }, "The database was away while a cluster was taken up.");
      return signal.aborted;
    });
}
