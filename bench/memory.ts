import { setTimeout as sleep } from "node:timers/promises";
import { untilSuccess } from "../examples/demo/ack.ts";
import type { MeasureOptions } from "./creation.ts";
import { commandsIn, memoryOf } from "./processes.ts";
import type { Row } from "./report.ts";
import { withService } from "./running-service.ts";
import { askForCluster, removeCluster } from "./sampan-cluster.ts";

/** Most megabytes that the idle service may have resident. */
const serviceBound = 300;
/** Most megabytes that the processes of a managed cluster may have resident. */
const clusterBound = 800;

const megabyte = 1024 ** 2;

/** Memory is looked at once a second until it has not changed by more than a hundredth for so many seconds. */
const settledSeconds = 10;
const longestSeconds = 60;

/** Resident memory of the service, idle and with one cluster, and of that cluster's processes. */
export async function measureMemory({ signal, note }: MeasureOptions): Promise<Row[]> {
  return withService({}, signal, async (service) => {
    const own = async () => (await memoryOf(service.pid)).resident;
    const idle = await settled(own, signal);
    note(`service idle: ${(idle / megabyte).toFixed(0)} MB`);
    const cluster = await askForCluster(service, "managed");
    try {
      await untilSuccess(service.client, cluster.taskId, signal);
      const busy = await settled(own, signal);
      const pids = [...(await commandsIn(service.home)).keys()];
      const memory = await Promise.all(pids.map(memoryOf));
      const sum = (field: "resident" | "proportional") =>
        memory.reduce((total, one) => total + one[field], 0) / megabyte;
      const unit = "MB";
      return [
        { what: "service, idle", value: idle / megabyte, unit, bound: serviceBound },
        { what: "service, with one cluster", value: busy / megabyte, unit },
        {
          what: `managed cluster, resident (${pids.length} processes)`,
          value: sum("resident"),
          unit,
          bound: clusterBound,
        },
        { what: "managed cluster, shared pages by their share", value: sum("proportional"), unit },
      ];
    } finally {
      await removeCluster(service, cluster);
    }
  });
}

async function settled(look: () => Promise<number>, signal: AbortSignal): Promise<number> {
  let values: number[] = [];
  for (let second = 0; second < longestSeconds; second++) {
    values = [...values, await look()].slice(-settledSeconds);
    const spread = Math.max(...values) - Math.min(...values);
    if (values.length === settledSeconds && spread < Math.max(...values) / 100) break;
    await sleep(1_000, undefined, { signal });
  }
  return values.at(-1) ?? 0;
}
