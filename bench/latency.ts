import type { AckClient } from "../examples/demo/ack.ts";
import { untilSuccess } from "../examples/demo/ack.ts";
import type { MeasureOptions } from "./creation.ts";
import { median, type Row } from "./report.ts";
import { withService } from "./running-service.ts";
import { type AskedCluster, askForCluster, removeCluster } from "./sampan-cluster.ts";

/** While clusters boot, an answer may take this many times as long as otherwise. */
const latencyBound = 3;
const bootingAtOnce = 5;
/** Requests to the idle service. */
const requests = 300;
/** The first answers of a new process take longer, and are left out. */
const warmUp = 50;

/**
 * Latency of DescribeClusterDetail through the SDK, one request after the other: of the service with one cluster that
 * runs, and while five more boot, all at once.
 */
export async function measureLatency({ signal, note }: MeasureOptions): Promise<Row[]> {
  return withService({ SAMPAN_CONCURRENT_TASKS: String(bootingAtOnce) }, signal, async (service) => {
    const { client } = service;
    const clusters: AskedCluster[] = [];
    try {
      const first = await askForCluster(service, "managed");
      clusters.push(first);
      await untilSuccess(client, first.taskId, signal);
      await latencies(client, first, (count) => count < warmUp, signal);
      const idle = await latencies(client, first, (count) => count < requests, signal);
      note(`idle: ${describe(idle)}`);

      const asked = await Promise.all(Array.from({ length: bootingAtOnce }, () => askForCluster(service, "managed")));
      clusters.push(...asked);
      let booting = true;
      const booted = Promise.all(asked.map(({ taskId }) => untilSuccess(client, taskId, signal, 1_000))).finally(() => {
        booting = false;
      });
      const [busy] = await Promise.all([latencies(client, first, () => booting, signal), booted]);
      note(`while ${bootingAtOnce} clusters boot: ${describe(busy)}`);
      return [
        { what: "DescribeClusterDetail, idle", value: median(idle), unit: "ms" },
        { what: `DescribeClusterDetail while ${bootingAtOnce} clusters boot`, value: median(busy), unit: "ms" },
        { what: "ratio", value: median(busy) / median(idle), unit: "×", bound: latencyBound },
      ];
    } finally {
      await Promise.all(clusters.map((cluster) => removeCluster(service, cluster)));
    }
  });
}

async function latencies(
  client: AckClient,
  { clusterId }: AskedCluster,
  goOn: (count: number) => boolean,
  signal: AbortSignal,
): Promise<number[]> {
  const taken: number[] = [];
  while (goOn(taken.length)) {
    signal.throwIfAborted();
    const start = performance.now();
    await client.describeClusterDetail(clusterId);
    taken.push(performance.now() - start);
  }
  return taken;
}

function describe(taken: readonly number[]): string {
  const sorted = [...taken].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1);
  return `${taken.length} requests, median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms`;
}
