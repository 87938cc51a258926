import type { ComponentName } from "../../kubernetes/components/command.ts";
import {
  adoptComponents,
  type ClusterRun,
  ensureComponents,
  stopComponents,
  untilReady,
} from "./control-plane-processes.ts";
import type { LocalContext, Progress } from "./local-context.ts";

const ETCD: readonly ComponentName[] = ["etcd"];
const API_SERVER: readonly ComponentName[] = ["kube-apiserver"];
const MANAGERS: readonly ComponentName[] = ["kube-controller-manager", "kube-scheduler"];

const ALL: readonly ComponentName[] = [...ETCD, ...API_SERVER, ...MANAGERS];

/** Takes over whatever runs of the control plane, so that it is looked after from now on. */
export async function adoptControlPlane(context: LocalContext, run: ClusterRun): Promise<void> {
  await adoptComponents(context, run, ALL);
}

/** Has every component running and looked after, without waiting for any to answer. */
export async function ensureControlPlane(context: LocalContext, run: ClusterRun): Promise<void> {
  await ensureComponents(context, run, ALL);
}

/** Has etcd running and answering. */
export async function startEtcd(context: LocalContext, run: ClusterRun, { signal }: Progress): Promise<void> {
  signal.throwIfAborted();
  await ensureComponents(context, run, ETCD);
  await untilReady(context, run, ETCD, signal);
}

/** Has the whole control plane running and answering, etcd included. */
export async function startControlPlane(context: LocalContext, run: ClusterRun, progress: Progress): Promise<void> {
  const { report, signal } = progress;
  await startEtcd(context, run, progress);
  await ensureComponents(context, run, API_SERVER);
  report("Waiting for the API server.");
  await untilReady(context, run, API_SERVER, signal);
  // Managers give up where they find no API server, so they are started after it.
  await ensureComponents(context, run, MANAGERS);
  report("Waiting for the controller manager and the scheduler.");
  await untilReady(context, run, MANAGERS, signal);
}

/** Stops everything but etcd, of one cluster or of all: who writes goes before what is written to. */
export async function stopControlPlane(context: LocalContext, folder: string): Promise<void> {
  await stopComponents(context, folder, MANAGERS);
  await stopComponents(context, folder, API_SERVER);
}

/** Stops etcd, of one cluster or of all. It keeps its data. */
export async function stopEtcd(context: LocalContext, folder: string): Promise<void> {
  await stopComponents(context, folder, ETCD);
}
