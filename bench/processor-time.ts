import { untilSuccess } from "../examples/demo/ack.ts";
import type { MeasureOptions } from "./creation.ts";
import { processorSecondsOf } from "./processes.ts";
import { median, type Row } from "./report.ts";
import { withService } from "./running-service.ts";
import { askForCluster, removeCluster } from "./sampan-cluster.ts";

/** Pause between two looks at the task, in milliseconds: answering them is not what is measured. */
const pollMs = 1_000;

/**
 * Processor time of the service itself, the cluster's processes apart, from CreateCluster to the end of its task. The
 * first creation of a process, which compiles what it runs, is told apart.
 */
export async function measureProcessorTime({ rounds, signal, note }: MeasureOptions): Promise<Row[]> {
  return withService({}, signal, async (service) => {
    const taken: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const before = await processorSecondsOf(service.pid);
      const cluster = await askForCluster(service, "managed");
      try {
        await untilSuccess(service.client, cluster.taskId, signal, pollMs);
        taken.push((await processorSecondsOf(service.pid)) - before);
        note(`creation ${round + 1}: ${taken.at(-1)?.toFixed(2)} s of processor time`);
      } finally {
        await removeCluster(service, cluster);
      }
    }
    const [first = Number.NaN, ...later] = taken;
    return [
      { what: "processor time of the service, first managed creation", value: first, unit: "s" },
      { what: "processor time of the service, later ones", value: median(later), unit: "s", samples: later },
    ];
  });
}
