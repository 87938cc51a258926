import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deleteCluster, sdk, toCreateClusterRequest, untilSuccess } from "../examples/demo/ack.ts";
import { kubectlOf } from "../examples/demo/kubectl.ts";
import type { RunningService } from "./running-service.ts";
import { nodeCount, readSample, type SampleName } from "./sample.ts";
import { pollMs, untilNodesReady } from "./waiting.ts";

/** A deletion goes on when the measurement is interrupted, for so many milliseconds at most. */
const deletionMs = 60_000;

/** The ids of a cluster that has been asked for. */
export interface AskedCluster {
  clusterId: string;
  taskId: string;
}

/** Asks for the cluster of a sample. */
export async function askForCluster({ client }: RunningService, sample: SampleName): Promise<AskedCluster> {
  const { body } = await client.createCluster(toCreateClusterRequest(await readSample(sample)));
  return { clusterId: body?.clusterId ?? "", taskId: body?.taskId ?? "" };
}

/** Deletes a cluster; returns when it is gone. */
export async function removeCluster({ client }: RunningService, { clusterId }: AskedCluster): Promise<void> {
  await deleteCluster(client, clusterId, AbortSignal.timeout(deletionMs));
}

/** Milliseconds in seconds since a time of `performance.now()`. */
const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/**
 * Creates a cluster through the API until its task has succeeded and kubectl shows its nodes as Ready, and deletes it.
 * @param whileRunning done before the deletion, outside of the time taken.
 * @returns seconds.
 */
export async function timeSampanCluster(
  service: RunningService,
  sample: SampleName,
  version: string,
  signal: AbortSignal,
  whileRunning: (cluster: AskedCluster) => Promise<void>,
): Promise<number> {
  const start = performance.now();
  const cluster = await askForCluster(service, sample);
  const nodes = nodeCount(await readSample(sample));
  try {
    await untilSuccess(service.client, cluster.taskId, signal, pollMs);
    await untilNodesReady(await kubectlFor(service, cluster, version), nodes, signal);
    const seconds = secondsSince(start);
    await whileRunning(cluster);
    return seconds;
  } finally {
    await removeCluster(service, cluster);
  }
}

/** The kubectl of that version, as the cluster's administrator. */
export async function kubectlFor({ client, folder }: RunningService, { clusterId }: AskedCluster, version: string) {
  const { body } = await client.describeClusterUserKubeconfig(
    clusterId,
    new sdk.DescribeClusterUserKubeconfigRequest({}),
  );
  const kubeconfig = join(folder, `${clusterId}.conf`);
  await writeFile(kubeconfig, body?.config ?? "", { mode: 0o600 });
  return kubectlOf(version, { kubeconfig, home: folder });
}
