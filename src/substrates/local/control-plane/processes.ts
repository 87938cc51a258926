import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { readIfThere, writeFileAtomically } from "../../../machine/files.ts";
import { isSameProcess, type ProcessIdentity, processIdentity } from "../../../machine/processes.ts";
import type { Timing } from "../timing.ts";
import { lastWords, rotateLog } from "./component-log.ts";
import { marker, scanProcesses } from "./process-scan.ts";
import { reasonOf } from "./shortage.ts";

/** How one component of a cluster is run. */
export interface ProcessSpec {
  /** Unique within the cluster, e.g. `etcd`. */
  name: string;
  /** Absolute path of the cluster's folder, which becomes the working directory. */
  folder: string;
  executable: string;
  args: readonly string[];
  /** The whole environment but for {@link marker}: nothing of Sampan's own is passed on. */
  env: Readonly<Record<string, string>>;
  /** Takes standard output and standard error. */
  logFile: string;
  pidFile: string;
}

/** A component's process: one that this process started, or one that an earlier Sampan did. */
export interface RunningProcess {
  identity: ProcessIdentity;
  /** For a child of this process: resolves when it ends, with how, e.g. `exit code 1`. Undefined for an adopted one. */
  ended: Promise<string> | undefined;
}

/** A component's process that was started just now. */
export interface StartedProcess extends RunningProcess {
  /** What went wrong beside it, as sentences; it runs all the same. Undefined where nothing did. */
  troubles: Record<"log" | "pid file", string | undefined>;
}

/** How long a process may take on its way out. */
export type StopTiming = Pick<Timing, "stopGrace" | "killDeadline">;

const gonePollMs = 25;

/**
 * Starts a component in a session of its own, so that neither a signal to Sampan's terminal nor Sampan's end reaches it.
 * A log that cannot be put aside and a pid file that cannot be written keep no component from running: the process is
 * found without them.
 *
 * @throws {Error} where it cannot be started. Then it does not run.
 */
export async function startProcess(spec: ProcessSpec): Promise<StartedProcess> {
  const logTrouble = await rotateLog(spec.logFile).then(() => undefined, messageOf);
  await using log = await open(spec.logFile, "a", 0o600).catch((error: unknown) => {
    throw new Error(`${spec.name} cannot be started: its log cannot be written: ${reasonOf(error)}.`, { cause: error });
  });
  const running = await spawnDetached(spec, log.fd);
  const pidFileTrouble = await writePidFile(spec, running.identity).then(() => undefined, messageOf);
  return { ...running, troubles: { log: logTrouble, "pid file": pidFileTrouble } };
}

async function spawnDetached(spec: ProcessSpec, log: number): Promise<RunningProcess> {
  const child = spawn(spec.executable, spec.args, {
    cwd: spec.folder,
    env: { ...spec.env, [marker]: `${spec.folder}/${spec.name}` },
    stdio: ["ignore", log, log],
    detached: true,
  });
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  if (child.pid === undefined) {
    const [error] = (await once(child, "error")) as [Error];
    throw new Error(`${spec.name} cannot be started: ${reasonOf(error)}.`, { cause: error });
  }
  // Sampan may end while the component goes on.
  child.unref();
  return { identity: identityOfChild(child, child.pid, spec), ended };
}

/** Called before the event loop can reap the child, so the pid cannot be anyone else's yet. */
function identityOfChild(child: ChildProcess, pid: number, { name }: ProcessSpec): ProcessIdentity {
  try {
    // One that has ended already gets an identity that no process has: only the kernel's first started at tick 0.
    return processIdentity(pid) ?? { pid, startTime: 0 };
  } catch (error) {
    // Without its identity nobody could look after it.
    child.kill("SIGKILL");
    throw new Error(`${name} cannot be started: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Sentences on a component that has ended: how, its last words, and where its log is. */
export async function describeEnd(name: string, how: string, logFile: string): Promise<string> {
  const words = await lastWords(logFile);
  return `${name} ended (${how})${words === "" ? "" : `: ${words}`}. Its log is ${logFile}.`;
}

const messageOf = (error: Error) => error.message;

/** Content of a pid file, for {@link findProcesses} and for people. */
interface PidFile extends ProcessIdentity {
  executable: string;
}

async function writePidFile({ pidFile, executable }: ProcessSpec, identity: ProcessIdentity): Promise<void> {
  const content: PidFile = { ...identity, executable };
  await writeFileAtomically(pidFile, `${JSON.stringify(content)}\n`, { mode: 0o600 }).catch((error: unknown) => {
    throw new Error(`The pid file ${pidFile} cannot be written: ${reasonOf(error)}.`, { cause: error });
  });
}

/**
 * The processes that run for a cluster, by component. Found twice over: by their marker among all processes of the
 * machine, and by the pid files given.
 *
 * @param pidFiles Component name to path of its pid file.
 */
export async function findProcesses(
  folder: string,
  pidFiles: ReadonlyMap<string, string>,
): Promise<Map<string, ProcessIdentity[]>> {
  const found = new Map<string, ProcessIdentity[]>();
  const add = (component: string, identity: ProcessIdentity) => {
    const known = found.get(component) ?? [];
    if (!known.some(({ pid }) => pid === identity.pid)) found.set(component, [...known, identity]);
  };
  // The pid file's process comes first: where two run, it is the one to keep.
  for (const [component, pidFile] of pidFiles) {
    const identity = await readPidFile(pidFile);
    if (identity !== undefined && isSameProcess(identity)) add(component, identity);
  }
  for (const { component, identity } of await scanProcesses(folder)) add(component, identity);
  return found;
}

async function readPidFile(path: string): Promise<ProcessIdentity | undefined> {
  try {
    const { executable, ...identity } = JSON.parse((await readIfThere(path)) ?? "null") as PidFile;
    return identity;
  } catch {
    // Missing or damaged: the scan finds the process all the same.
    return undefined;
  }
}

/**
 * Ends a process: SIGTERM, then SIGKILL after the time of grace. Returns once it is gone; does nothing where it is
 * gone already, or where its pid is another process's now.
 *
 * @throws {Error} where the process outlives SIGKILL.
 */
export async function stopProcess(identity: ProcessIdentity, timing: StopTiming): Promise<void> {
  sendSignal(identity, "SIGTERM");
  if (await isGoneWithin(identity, timing.stopGrace)) return;
  await killProcess(identity, timing);
}

/** Ends a process that does not listen any more: SIGKILL at once, otherwise as {@link stopProcess}. */
export async function killProcess(identity: ProcessIdentity, timing: StopTiming): Promise<void> {
  sendSignal(identity, "SIGKILL");
  if (await isGoneWithin(identity, timing.killDeadline)) return;
  throw new Error(`Process ${identity.pid} goes on after SIGKILL: it waits for a disk that does not answer, perhaps.`);
}

function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isSameProcess(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function isGoneWithin(identity: ProcessIdentity, milliseconds: number): Promise<boolean> {
  const giveUpAt = performance.now() + milliseconds;
  while (mayLive(identity)) {
    if (performance.now() > giveUpAt) return false;
    await sleep(gonePollMs);
  }
  return true;
}

/** Whether a process lives, as far as this one can look: without a free file descriptor, it may. */
export function mayLive(identity: ProcessIdentity): boolean {
  try {
    return isSameProcess(identity);
  } catch {
    return true;
  }
}
