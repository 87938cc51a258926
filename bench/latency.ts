import { untilSuccess } from "../examples/demo/ack.ts";
import type { MeasureOptions } from "./creation.ts";
import { median, type Row } from "./report.ts";
import { withService } from "./running-service.ts";
import { type AskedCluster, askForCluster, removeCluster } from "./sampan-cluster.ts";
import { openSignedRequests, type SignedRequests } from "./signed-requests.ts";

/** Most milliseconds of the median at rest. */
const idleBound = 2;
/** While clusters boot, an answer may take this many times as long as otherwise. */
const latencyBound = 3;
const bootingAtOnce = 5;
/** Requests to the idle service. */
const idleRequests = 1_000;
/** The first answers of a new process take longer, and are left out. */
const warmUp = 1_000;

/**
 * Latency of DescribeClusterDetail, one signed request after the other over a connection that is kept: of the service with
 * one cluster that runs, and while five more boot, all at once.
 */
export async function measureLatency({ signal, note }: MeasureOptions): Promise<Row[]> {
  return withService({ SAMPAN_CONCURRENT_TASKS: String(bootingAtOnce) }, signal, async (service) => {
    const { client } = service;
    const requests = await openSignedRequests(service.url, service.credentialsFile);
    const clusters: AskedCluster[] = [];
    try {
      const first = await askForCluster(service, "managed");
      clusters.push(first);
      await untilSuccess(client, first.taskId, signal);
      await latencies(requests, first, (count) => count < warmUp, signal);
      const idle = await latencies(requests, first, (count) => count < idleRequests, signal);
      note(`idle: ${describe(idle)}`);

      const asked = await Promise.all(Array.from({ length: bootingAtOnce }, () => askForCluster(service, "managed")));
      clusters.push(...asked);
      let booting = true;
      const booted = Promise.all(asked.map(({ taskId }) => untilSuccess(client, taskId, signal, 1_000))).finally(() => {
        booting = false;
      });
      const [busy] = await Promise.all([latencies(requests, first, () => booting, signal), booted]);
      note(`while ${bootingAtOnce} clusters boot: ${describe(busy)}`);
      return [
        { what: "DescribeClusterDetail, idle", value: median(idle), unit: "ms", bound: idleBound },
        { what: `DescribeClusterDetail while ${bootingAtOnce} clusters boot`, value: median(busy), unit: "ms" },
        { what: "ratio", value: median(busy) / median(idle), unit: "×", bound: latencyBound },
      ];
    } finally {
      await requests.close();
      await Promise.all(clusters.map((cluster) => removeCluster(service, cluster)));
    }
  });
}

async function latencies(
  requests: SignedRequests,
  { clusterId }: AskedCluster,
  goOn: (count: number) => boolean,
  signal: AbortSignal,
): Promise<number[]> {
  const taken: number[] = [];
  while (goOn(taken.length)) {
    signal.throwIfAborted();
    taken.push(await requests.timeGet(`/clusters/${clusterId}`));
  }
  return taken;
}

function describe(taken: readonly number[]): string {
  const sorted = [...taken].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1);
  return `${taken.length} requests, median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms`;
}
