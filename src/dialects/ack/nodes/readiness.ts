import type { FastifyRequest } from "fastify";
import type { Cluster } from "../../../core/clusters/cluster.ts";
import type { AckContext } from "../context.ts";

/** Readiness of a cluster's nodes by their names; empty where its API server does not answer, as the log then says. */
export async function nodeReadiness(
  { observer }: AckContext,
  { log }: Pick<FastifyRequest, "log">,
  cluster: Cluster,
): Promise<ReadonlyMap<string, boolean>> {
  return observer.nodeReadiness(cluster).catch((error: unknown) => {
    // The answer is still of use, and says Unknown.
    log.info({ err: error, clusterId: cluster.id }, "The cluster's API server did not tell the state of its nodes.");
    return new Map<string, boolean>();
  });
}
