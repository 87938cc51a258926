import { awaitAll } from "./await-all.ts";
import type { LocalContext } from "./context.ts";
import { pidFilesUnder } from "./control-plane/cluster-processes.ts";
import { stopControlPlane, stopEtcd } from "./control-plane/control-plane.ts";
import { findProcesses, killProcess } from "./control-plane/processes.ts";
import { clustersFolder } from "./site/site.ts";

/**
 * Stops everything of every cluster in this home, also what no one looks after, and keeps all data.
 * @param hurry ends the patience: what still runs is killed. etcd has what it acknowledged on disk at any moment.
 */
export async function suspend(context: LocalContext, hurry?: AbortSignal): Promise<void> {
  const inOrder = stopInOrder(context);
  if ((await Promise.race(hurry ? [inOrder, fired(hurry)] : [inOrder])) === "stopped") return;
  // Each process that is killed below ends one of its waits; what they come to does not matter any more.
  inOrder.catch((error: unknown) => context.log.warn({ err: error }, "The clusters could not be stopped in order."));
  await killAll(context);
}

async function stopInOrder(context: LocalContext): Promise<"stopped"> {
  const folder = clustersFolder(context.home);
  await context.starts.close();
  await Promise.all([...context.live.values()].map((cluster) => cluster.close()));
  await stopControlPlane(context, folder);
  await stopEtcd(context, folder);
  return "stopped";
}

/** Ends what is left, with SIGKILL, and again what was being started meanwhile. Returns once nothing runs any more. */
async function killAll(context: LocalContext): Promise<void> {
  const folder = clustersFolder(context.home);
  // Nothing that is killed here may be started again. A supervision's own end is that of its process.
  const supervised = context.supervisor.under(`${folder}/`).map((supervision) => supervision.stop());
  let left = await running(folder);
  context.log.warn({ processes: left.length }, "Processes of clusters are killed: they took too long to end.");
  while (left.length > 0) {
    await awaitAll(left.map((identity) => killProcess(identity, context.timing)));
    left = await running(folder);
  }
  await Promise.allSettled(supervised);
}

const running = async (folder: string) =>
  [...(await findProcesses(folder, await pidFilesUnder(folder))).values()].flat();

function fired(signal: AbortSignal): Promise<"hurry"> {
  const { promise, resolve } = Promise.withResolvers<"hurry">();
  signal.addEventListener("abort", () => resolve("hurry"), { once: true });
  if (signal.aborted) resolve("hurry");
  return promise;
}
