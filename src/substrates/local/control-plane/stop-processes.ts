import { dirname } from "node:path";
import { awaitAll } from "../await-all.ts";
import type { LocalContext } from "../context.ts";
import { type ProcessName, pidFilesUnder } from "./cluster-processes.ts";
import { findProcesses, stopProcess } from "./processes.ts";

/** Whether a cluster's processes are ended all at the same time, or the next one once the one before is gone. */
export type StopOrder = "together" | "in turn";

/**
 * Ends these processes of the cluster in `folder`, supervised or not, found by pid file or by scan. Returns once they
 * are gone. Needs nothing but the folder's path, so it works on a cluster that is half made, and on the folder of all
 * clusters.
 */
export async function stopProcesses(
  { supervisor, timing }: LocalContext,
  folder: string,
  names: readonly ProcessName[],
  order: StopOrder = "together",
): Promise<void> {
  const isMeant = ({ path }: Stoppable) => names.some((name) => path.endsWith(`/${name}`));
  const supervised = supervisor.under(`${folder}/`).map(({ key, stop }): Stoppable => ({ path: key, stop }));
  await stopAll(supervised.filter(isMeant), order);
  const found = await findProcesses(folder, await pidFilesUnder(folder));
  const left = [...found].flatMap(([name, identities]) =>
    identities.map((one): Stoppable => ({ path: `${folder}/${name}`, stop: () => stopProcess(one, timing) })),
  );
  await stopAll(left.filter(isMeant), order);
}

/** A process that can be ended. */
interface Stoppable {
  /** Path of the cluster's folder, a slash, and the process' name. */
  path: string;
  stop(): Promise<void>;
}

async function stopAll(processes: readonly Stoppable[], order: StopOrder): Promise<void> {
  if (order === "together") {
    await awaitAll(processes.map(({ stop }) => stop()));
    return;
  }
  const clusters = Map.groupBy(processes, ({ path }) => dirname(dirname(path)));
  await awaitAll([...clusters.values()].map(stopInTurn));
}

async function stopInTurn(processes: readonly Stoppable[]): Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  const stops = processes.map(({ stop }) => {
    // One that cannot be ended does not keep the others running.
    const stopped = before.then(stop, stop);
    before = stopped;
    return stopped;
  });
  await awaitAll(stops);
}
