import { mkdir } from "node:fs/promises";
import { Agent } from "node:https";
import { dirname } from "node:path";
import type { ProcessIdentity } from "../../../machine/processes.ts";
import { HopelessError, until } from "../../../machine/until.ts";
import { awaitAll } from "../await-all.ts";
import type { LocalContext } from "../context.ts";
import type { ClusterSite } from "../site/site.ts";
import { startAttempts } from "../timing.ts";
import { setBooting } from "./boot-priority.ts";
import {
  type ClusterProcess,
  type ClusterRun,
  clusterProcesses,
  type ProcessName,
  pidFilesUnder,
} from "./cluster-processes.ts";
import { type TroubleListener, tellOnce } from "./component-trouble.ts";
import { describeEnd, findProcesses, type RunningProcess, startProcess, stopProcess } from "./processes.ts";
import type { Death } from "./supervisor.ts";
import { requireInotifyInstances } from "./supplies.ts";

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

/** Whether all of these processes are looked after, and so run, or are about to. */
export function areLookedAfter(context: LocalContext, run: ClusterRun, names: readonly ProcessName[]): boolean {
  return clusterProcesses(run, names).every((one) => context.supervisor.find(keyOf(one)) !== undefined);
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
  if (whatIsMissing === "start") {
    const started = missing.filter(({ spec }) => !found.has(spec.name));
    await requireInotifyInstances(
      context.supplies,
      started.reduce((sum, { inotifyInstances }) => sum + inotifyInstances, 0),
    );
  }
  await awaitAll(
    missing.map(async (one) => {
      const onTrouble = troubleListener(context, site, one);
      const adopted = await adopt(context, one, found);
      if (adopted === undefined && whatIsMissing === "leave") return;
      const running = adopted ?? (await start(context, site, one, onTrouble));
      supervise(context, site, one, running, onTrouble);
      if (adopted === undefined) void setBooting(running.identity.pid, true);
    }),
  );
}

/** Takes over the process that is there, and ends its doubles; undefined where there is none. */
async function adopt(
  { timing }: LocalContext,
  { spec }: ClusterProcess,
  found: ReadonlyMap<string, ProcessIdentity[]>,
): Promise<RunningProcess | undefined> {
  const [kept, ...doubles] = found.get(spec.name) ?? [];
  await awaitAll(doubles.map((double) => stopProcess(double, timing)));
  return kept && { identity: kept, ended: undefined };
}

async function start(
  context: LocalContext,
  site: ClusterSite,
  { spec }: ClusterProcess,
  onTrouble: TroubleListener,
): Promise<RunningProcess> {
  await mkdir(dirname(spec.logFile), { recursive: true, mode: 0o700 });
  await mkdir(dirname(spec.pidFile), { recursive: true, mode: 0o700 });
  const { troubles, ...running } = await startProcess(spec);
  context.log.info({ cluster: site.id, component: spec.name, pid: running.identity.pid }, "component started");
  onTrouble("log", troubles.log);
  onTrouble("pid file", troubles["pid file"]);
  return running;
}

/** A process whose predecessor lives would find its port taken and its data locked: that one is taken over then. */
async function startAgain(
  context: LocalContext,
  site: ClusterSite,
  one: ClusterProcess,
  onTrouble: TroubleListener,
): Promise<RunningProcess> {
  const found = await findProcesses(site.folder, await pidFilesUnder(site.folder));
  return (await adopt(context, one, found)) ?? (await start(context, site, one, onTrouble));
}

function supervise(
  context: LocalContext,
  site: ClusterSite,
  one: ClusterProcess,
  running: RunningProcess,
  onTrouble: TroubleListener,
): void {
  context.supervisor.supervise(
    {
      key: keyOf(one),
      logFile: one.spec.logFile,
      start: () => startAgain(context, site, one, onTrouble),
      check: (signal) => one.check("live", signal),
      onDeath: (death) => reportDeath(context, site, one, death),
      onTrouble,
    },
    running,
  );
}

function troubleListener(context: LocalContext, site: ClusterSite, { title, spec }: ClusterProcess): TroubleListener {
  return tellOnce((reason, sentence) => {
    context.log.warn({ cluster: site.id, component: spec.name, reason }, sentence);
    context.onEvent(site.id, "warning", reason, `${title} goes on. ${sentence}`);
  });
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
    if (death !== undefined && death.inARow >= startAttempts)
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
