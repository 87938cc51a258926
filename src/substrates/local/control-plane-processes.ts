import { mkdir } from "node:fs/promises";
import { Agent } from "node:https";
import { dirname } from "node:path";
import { awaitAll } from "./await-all.ts";
import { setBooting } from "./boot-priority.ts";
import {
  type ClusterProcess,
  type ClusterRun,
  clusterProcesses,
  type ProcessName,
  pidFilesUnder,
} from "./cluster-processes.ts";
import type { ClusterSite } from "./cluster-site.ts";
import type { LocalContext } from "./local-context.ts";
import { describeEnd, findProcesses, type RunningProcess, startProcess, stopProcess } from "./processes.ts";
import type { Death } from "./supervisor.ts";
import { START_ATTEMPTS } from "./timing.ts";
import { HopelessError, until } from "./until.ts";

/**
 * Has these processes of the cluster running and supervised: those that run already are taken over, the others are
 * started. Does not wait until they work.
 */
export async function ensureProcesses(
  context: LocalContext,
  run: ClusterRun,
  names: readonly ProcessName[],
): Promise<void> {
  await context.starts.pass(() => takeUp(context, run, names, "start"));
}

/** Takes over those of these processes that run already, and starts none. */
export async function adoptProcesses(
  context: LocalContext,
  run: ClusterRun,
  names: readonly ProcessName[],
): Promise<void> {
  await context.starts.pass(() => takeUp(context, run, names, "leave"));
}

async function takeUp(
  context: LocalContext,
  run: ClusterRun,
  names: readonly ProcessName[],
  whatIsMissing: "start" | "leave",
): Promise<void> {
  const { site } = run;
  const missing = clusterProcesses(run, names).filter((one) => context.supervisor.find(keyOf(one)) === undefined);
  if (missing.length === 0) return;
  const found = await findProcesses(site.folder, await pidFilesUnder(site.folder));
  await awaitAll(
    missing.map(async (one) => {
      const [kept, ...doubles] = found.get(one.spec.name) ?? [];
      await awaitAll(doubles.map((double) => stopProcess(double, context.timing)));
      if (kept !== undefined) {
        supervise(context, site, one, { identity: kept, ended: undefined });
        return;
      }
      if (whatIsMissing === "leave") return;
      const started = await start(context, site, one);
      supervise(context, site, one, started);
      void setBooting(started.identity.pid, true);
    }),
  );
}

async function start(context: LocalContext, site: ClusterSite, { spec }: ClusterProcess): Promise<RunningProcess> {
  await mkdir(dirname(spec.logFile), { recursive: true, mode: 0o700 });
  await mkdir(dirname(spec.pidFile), { recursive: true, mode: 0o700 });
  const running = await startProcess(spec);
  context.log.info({ cluster: site.id, component: spec.name, pid: running.identity.pid }, "component started");
  return running;
}

function supervise(context: LocalContext, site: ClusterSite, one: ClusterProcess, running: RunningProcess): void {
  context.supervisor.supervise(
    {
      key: keyOf(one),
      logFile: one.spec.logFile,
      start: () => start(context, site, one),
      check: (signal) => one.check("live", signal),
      onDeath: (death) => reportDeath(context, site, one, death),
    },
    running,
  );
}

function reportDeath(context: LocalContext, site: ClusterSite, { title }: ClusterProcess, death: Death): void {
  const { how, inARow } = death;
  // A component that dies for hours must not fill the event list: its 1st, 2nd, 4th, 8th … death in a row.
  if (!Number.isInteger(Math.log2(inARow))) return;
  const times = inARow === 1 ? "" : `, ${inARow} times in a row now`;
  const message = `${title} ended (${how})${times}. It is started again.`;
  context.onEvent(site.id, "warning", "ComponentRestarted", message);
}

/**
 * Waits until these processes of the cluster answer as ready.
 * @throws {Error} with a process' last words where it ends again and again, with its last answer where it takes too long.
 */
export async function untilReady(
  context: LocalContext,
  run: ClusterRun,
  names: readonly ProcessName[],
  signal: AbortSignal,
): Promise<void> {
  // The first that fails ends the wait for the others.
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  await awaitAll(
    clusterProcesses(run, names).map((one) =>
      untilOneReady(context, one, either).catch((error: unknown) => {
        failed.abort(error);
        throw failed.signal.reason;
      }),
    ),
  );
}

async function untilOneReady(context: LocalContext, one: ClusterProcess, signal: AbortSignal): Promise<void> {
  const { title, spec } = one;
  const supervision = context.supervisor.find(keyOf(one));
  // A TLS handshake for each of dozens of questions would cost more than the answers.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const attempt = async (attemptSignal: AbortSignal) => {
    const death = supervision?.lastDeath;
    if (death !== undefined && death.inARow >= START_ATTEMPTS)
      throw new HopelessError(`${title} does not start. ${await describeEnd(title, death.how, spec.logFile)}`);
    await one.check("ready", attemptSignal, agent);
  };
  try {
    await until(attempt, {
      what: `${title} to be ready`,
      hint: `Its log is ${spec.logFile}.`,
      pollMs: context.timing.readyPoll,
      deadlineMs: context.timing.readyDeadline,
      signal,
    });
  } finally {
    agent.destroy();
  }
  if (supervision !== undefined) void setBooting(supervision.identity.pid, false);
}

/** Unique on this machine. */
function keyOf({ spec }: ClusterProcess): string {
  return `${spec.folder}/${spec.name}`;
}
