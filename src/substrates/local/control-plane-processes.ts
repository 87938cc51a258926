import { mkdir } from "node:fs/promises";
import { Agent } from "node:https";
import { dirname } from "node:path";
import type { ApiAccess } from "../../kubernetes/api-access.ts";
import type { ComponentName } from "../../kubernetes/components/command.ts";
import type { Distribution } from "../../kubernetes/distribution/distribution.ts";
import { awaitAll } from "./await-all.ts";
import { setBooting } from "./boot-priority.ts";
import {
  type ClusterSite,
  logFileOf,
  type MemberComponent,
  memberComponents,
  nameOf,
  pidFilesUnder,
  processSpec,
  titleOf,
} from "./cluster-site.ts";
import { checkHealth } from "./health.ts";
import type { LocalContext } from "./local-context.ts";
import { describeEnd, findProcesses, type RunningProcess, startProcess, stopProcess } from "./processes.ts";
import type { Death } from "./supervisor.ts";
import { START_ATTEMPTS } from "./timing.ts";
import { HopelessError, until } from "./until.ts";

/** What is needed to run a cluster's components. */
export interface ClusterRun {
  site: ClusterSite;
  distribution: Distribution;
  /** Access for health checks. */
  access: ApiAccess;
}

/**
 * Has these components of every member running and supervised: those that run already are taken over, the others are
 * started. Does not wait until they work.
 */
export async function ensureComponents(
  context: LocalContext,
  run: ClusterRun,
  names: readonly ComponentName[],
): Promise<void> {
  await context.starts.pass(() => takeUp(context, run, names, "start"));
}

/** Takes over those of these components that run already, and starts none. */
export async function adoptComponents(
  context: LocalContext,
  run: ClusterRun,
  names: readonly ComponentName[],
): Promise<void> {
  await context.starts.pass(() => takeUp(context, run, names, "leave"));
}

async function takeUp(
  context: LocalContext,
  run: ClusterRun,
  names: readonly ComponentName[],
  whatIsMissing: "start" | "leave",
): Promise<void> {
  const missing = memberComponents(run.site, names).filter(
    (part) => context.supervisor.find(keyOf(run.site, part)) === undefined,
  );
  if (missing.length === 0) return;
  const found = await findProcesses(run.site.folder, await pidFilesUnder(run.site.folder));
  await awaitAll(
    missing.map(async (part) => {
      const [kept, ...doubles] = found.get(nameOf(part)) ?? [];
      await awaitAll(doubles.map((double) => stopProcess(double, context.timing)));
      if (kept !== undefined) {
        supervisePart(context, run, part, { identity: kept, ended: undefined });
        return;
      }
      if (whatIsMissing === "leave") return;
      const started = await startPart(context, run, part);
      supervisePart(context, run, part, started);
      void setBooting(started.identity.pid, true);
    }),
  );
}

async function startPart(context: LocalContext, run: ClusterRun, part: MemberComponent): Promise<RunningProcess> {
  const spec = processSpec(run.site, part, run.distribution);
  await mkdir(dirname(spec.logFile), { recursive: true, mode: 0o700 });
  await mkdir(dirname(spec.pidFile), { recursive: true, mode: 0o700 });
  const running = await startProcess(spec);
  context.log.info({ cluster: run.site.id, component: spec.name, pid: running.identity.pid }, "component started");
  return running;
}

function supervisePart(context: LocalContext, run: ClusterRun, part: MemberComponent, running: RunningProcess): void {
  context.supervisor.supervise(
    {
      key: keyOf(run.site, part),
      logFile: logFileOf(part),
      start: () => startPart(context, run, part),
      check: (signal) => checkHealth(part.component, part.member, "live", run.access, signal),
      onDeath: (death) => reportDeath(context, run.site, part, death),
    },
    running,
  );
}

function reportDeath(context: LocalContext, site: ClusterSite, part: MemberComponent, { how, inARow }: Death): void {
  // A component that dies for hours must not fill the event list: its 1st, 2nd, 4th, 8th … death in a row.
  if (!Number.isInteger(Math.log2(inARow))) return;
  const times = inARow === 1 ? "" : `, ${inARow} times in a row now`;
  const message = `${titleOf(site, part)} ended (${how})${times}. It is started again.`;
  context.onEvent(site.id, "warning", "ComponentRestarted", message);
}

/**
 * Waits until these components of every member answer as ready.
 * @throws {Error} with a component's last words where it ends again and again, with its last answer where it takes too long.
 */
export async function untilReady(
  context: LocalContext,
  run: ClusterRun,
  names: readonly ComponentName[],
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(memberComponents(run.site, names).map((part) => untilPartReady(context, run, part, signal)));
}

async function untilPartReady(
  context: LocalContext,
  run: ClusterRun,
  part: MemberComponent,
  signal: AbortSignal,
): Promise<void> {
  const supervision = context.supervisor.find(keyOf(run.site, part));
  const title = titleOf(run.site, part);
  // A TLS handshake for each of dozens of questions would cost more than the answers.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const attempt = async (attemptSignal: AbortSignal) => {
    const death = supervision?.lastDeath;
    if (death !== undefined && death.inARow >= START_ATTEMPTS)
      throw new HopelessError(`${title} does not start. ${await describeEnd(title, death.how, logFileOf(part))}`);
    await checkHealth(part.component, part.member, "ready", run.access, attemptSignal, agent);
  };
  try {
    await until(attempt, {
      what: `${title} to be ready`,
      hint: `Its log is ${logFileOf(part)}.`,
      pollMs: context.timing.readyPoll,
      deadlineMs: context.timing.readyDeadline,
      signal,
    });
  } finally {
    agent.destroy();
  }
  if (supervision !== undefined) void setBooting(supervision.identity.pid, false);
}

/**
 * Ends these components of every member of the cluster in `folder`, supervised or not, found by pid file or by scan.
 * Returns once they are gone. Needs nothing but the folder's path, so it works on a cluster that is half made, and on
 * the folder of all clusters.
 */
export async function stopComponents(
  { supervisor, timing }: LocalContext,
  folder: string,
  names: readonly ComponentName[],
): Promise<void> {
  const isMeant = (path: string) => names.some((name) => path.endsWith(`/${name}`));
  await awaitAll(
    supervisor
      .under(`${folder}/`)
      .filter(({ key }) => isMeant(key))
      .map(({ stop }) => stop()),
  );
  const found = await findProcesses(folder, await pidFilesUnder(folder));
  const left = [...found].filter(([component]) => isMeant(component)).flatMap(([, identities]) => identities);
  await awaitAll(left.map((identity) => stopProcess(identity, timing)));
}

function keyOf({ folder }: ClusterSite, part: MemberComponent): string {
  return `${folder}/${nameOf(part)}`;
}
