import type { LocalContext, Progress } from "../context.ts";
import type { ClusterRun, ProcessName } from "./cluster-processes.ts";
import { adoptProcesses, areLookedAfter, ensureProcesses, untilReady } from "./control-plane-processes.ts";
import { stopProcesses } from "./stop-processes.ts";

const ETCD: readonly ProcessName[] = ["etcd"];
const FORWARDER: readonly ProcessName[] = ["forwarder"];
/** The forwarder waits for nothing, so it takes no time beside the API servers. */
const API_SERVER: readonly ProcessName[] = ["kube-apiserver", ...FORWARDER];
const MANAGERS: readonly ProcessName[] = ["kube-controller-manager", "kube-scheduler"];

const ALL: readonly ProcessName[] = [...ETCD, ...API_SERVER, ...MANAGERS];

/** Takes over whatever runs of the control plane, so that it is looked after from now on. */
export async function adoptControlPlane(context: LocalContext, run: ClusterRun): Promise<void> {
  await adoptProcesses(context, run, ALL);
}

/** Whether the whole control plane runs, so that nothing of it has to be started. */
export const isControlPlaneThere = (context: LocalContext, run: ClusterRun): boolean =>
  areLookedAfter(context, run, ALL);

/** Has every process running and looked after, without waiting for any to answer. */
export async function ensureControlPlane(context: LocalContext, run: ClusterRun): Promise<void> {
  await ensureProcesses(context, run, ALL);
}

/** Has etcd running and answering, on every member. */
export async function startEtcd(context: LocalContext, run: ClusterRun, { signal }: Progress): Promise<void> {
  signal.throwIfAborted();
  await ensureProcesses(context, run, ETCD);
  await untilReady(context, run, ETCD, signal);
}

/** Has the whole control plane running and answering on every member, etcd included. */
export async function startControlPlane(context: LocalContext, run: ClusterRun, progress: Progress): Promise<void> {
  const { report, signal } = progress;
  await startEtcd(context, run, progress);
  await ensureProcesses(context, run, API_SERVER);
  report("Waiting for the API server.");
  await untilReady(context, run, API_SERVER, signal);
  // Managers give up where they find no API server, so they are started after it.
  await ensureProcesses(context, run, MANAGERS);
  report("Waiting for the controller manager and the scheduler.");
  await untilReady(context, run, MANAGERS, signal);
}

/** Has the forwarder running and answering with the addresses of this run, or not running where it needs none. */
export async function restartForwarder(context: LocalContext, run: ClusterRun, signal: AbortSignal): Promise<void> {
  await replaceForwarder(context, run);
  await untilReady(context, run, FORWARDER, signal);
}

/** As {@link restartForwarder}, without waiting for it to answer: it is looked after until it does. */
export async function replaceForwarder(context: LocalContext, run: ClusterRun): Promise<void> {
  await stopProcesses(context, run.site.folder, FORWARDER);
  await ensureProcesses(context, run, FORWARDER);
}

/** Stops everything but etcd, of one cluster or of all: who writes goes before what is written to. */
export async function stopControlPlane(context: LocalContext, folder: string): Promise<void> {
  await stopProcesses(context, folder, MANAGERS);
  await stopProcesses(context, folder, API_SERVER);
}

/**
 * Stops etcd, of one cluster or of all. It keeps its data. A leader hands its office over before it goes: were all
 * members told to stop at the same time, it would wait for seconds for one that takes it.
 */
export async function stopEtcd(context: LocalContext, folder: string): Promise<void> {
  await stopProcesses(context, folder, ETCD, "in turn");
}
