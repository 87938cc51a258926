import type { LocalContext, Progress } from "../context.ts";
import type { ClusterRun, ProcessName } from "./cluster-processes.ts";
import { adoptProcesses, areLookedAfter, ensureProcesses, untilReady } from "./control-plane-processes.ts";
import { stopProcesses } from "./stop-processes.ts";

const etcd: readonly ProcessName[] = ["etcd"];
const forwarder: readonly ProcessName[] = ["forwarder"];
/** The forwarder waits for nothing, so it takes no time beside the API servers. */
const apiServer: readonly ProcessName[] = ["kube-apiserver", ...forwarder];
const managers: readonly ProcessName[] = ["kube-controller-manager", "kube-scheduler"];

const all: readonly ProcessName[] = [...etcd, ...apiServer, ...managers];

/** Takes over whatever runs of the control plane, so that it is looked after from now on. */
export async function adoptControlPlane(context: LocalContext, run: ClusterRun): Promise<void> {
  await adoptProcesses(context, run, all);
}

/** Whether the whole control plane runs, so that nothing of it has to be started. */
export const isControlPlaneThere = (context: LocalContext, run: ClusterRun): boolean =>
  areLookedAfter(context, run, all);

/** Has every process running and looked after, without waiting for any to answer. */
export async function ensureControlPlane(context: LocalContext, run: ClusterRun): Promise<void> {
  await ensureProcesses(context, run, all);
}

/** Has etcd running and answering, on every member. */
export async function startEtcd(context: LocalContext, run: ClusterRun, { signal }: Progress): Promise<void> {
  signal.throwIfAborted();
  await ensureProcesses(context, run, etcd);
  await untilReady(context, run, etcd, signal);
}

/** Has the whole control plane running and answering on every member, etcd included. */
export async function startControlPlane(context: LocalContext, run: ClusterRun, progress: Progress): Promise<void> {
  const { report, signal } = progress;
  await startEtcd(context, run, progress);
  await ensureProcesses(context, run, apiServer);
  report("Waiting for the API server.");
  await untilReady(context, run, apiServer, signal);
  // Managers give up where they find no API server, so they are started after it.
  await ensureProcesses(context, run, managers);
  report("Waiting for the controller manager and the scheduler.");
  await untilReady(context, run, managers, signal);
}

/** Has the forwarder running and answering with the addresses of this run, or not running where it needs none. */
export async function restartForwarder(context: LocalContext, run: ClusterRun, signal: AbortSignal): Promise<void> {
  await replaceForwarder(context, run);
  await untilReady(context, run, forwarder, signal);
}

/** As {@link restartForwarder}, without waiting for it to answer: it is looked after until it does. */
export async function replaceForwarder(context: LocalContext, run: ClusterRun): Promise<void> {
  await stopProcesses(context, run.site.folder, forwarder);
  await ensureProcesses(context, run, forwarder);
}

/** Stops everything but etcd, of one cluster or of all: who writes goes before what is written to. */
export async function stopControlPlane(context: LocalContext, folder: string): Promise<void> {
  await stopProcesses(context, folder, managers);
  await stopProcesses(context, folder, apiServer);
}

/**
 * Stops etcd, of one cluster or of all. It keeps its data. A leader hands its office over before it goes: were all
 * members told to stop at the same time, it would wait for seconds for one that takes it.
 */
export async function stopEtcd(context: LocalContext, folder: string): Promise<void> {
  await stopProcesses(context, folder, etcd, "in turn");
}
