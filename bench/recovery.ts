import { untilSuccess } from "../examples/demo/ack.ts";
import { distributionOf, type MeasureOptions } from "./creation.ts";
import { commandsIn } from "./processes.ts";
import type { Row } from "./report.ts";
import { withService } from "./running-service.ts";
import { askForCluster, kubectlFor, removeCluster } from "./sampan-cluster.ts";
import { readSample } from "./sample.ts";
import { retry } from "./waiting.ts";

/** Seconds after which a cluster whose component was killed must serve again. */
const recoveryBound = 10;
/** Those without which a cluster does not answer. */
const components = ["kube-apiserver", "etcd"];

/** Seconds from the kill of a component (SIGKILL) until another one runs and the API server says that it is ready. */
export async function measureRecovery({ signal, note }: MeasureOptions): Promise<Row[]> {
  return withService({}, signal, async (service) => {
    const cluster = await askForCluster(service, "managed");
    try {
      await untilSuccess(service.client, cluster.taskId, signal);
      const { version } = await distributionOf(await readSample("managed"), { signal, note });
      const kubectl = await kubectlFor(service, cluster, version);
      const rows: Row[] = [];
      for (const component of components) {
        const killed = await pidOf(service.home, component);
        const start = performance.now();
        process.kill(killed, "SIGKILL");
        await retry(async (attempt) => {
          if ((await pidOf(service.home, component)) === killed) throw new Error(`${component} still runs.`);
          await kubectl.run(["get", "--raw=/readyz"], attempt);
        }, signal);
        const value = (performance.now() - start) / 1000;
        note(`${component}: ${value.toFixed(2)} s`);
        rows.push({ what: `ready again after a kill of ${component}`, value, unit: "s", bound: recoveryBound });
      }
      return rows;
    } finally {
      await removeCluster(service, cluster);
    }
  });
}

/** @throws {Error} where none runs. */
async function pidOf(home: string, component: string): Promise<number> {
  for (const [pid, [name]] of await commandsIn(home)) if (name === component) return pid;
  throw new Error(`${component} does not run.`);
}
