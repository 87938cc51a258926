import type { Logger } from "pino";
import type { ProcessIdentity } from "../../../machine/processes.ts";
import type { Timing } from "../timing.ts";
import { boundLog } from "./component-log.ts";
import type { TroubleListener } from "./component-trouble.ts";
import { pause, untilHang } from "./hang-detection.ts";
import { killProcess, mayLive, type RunningProcess, stopProcess } from "./processes.ts";

/** What the supervisor must know of a component to keep it running. */
export interface SupervisedComponent {
  /** Unique on this machine, e.g. the cluster's folder and the component's name. */
  key: string;
  logFile: string;
  /** Has it running: takes over one that runs, or starts it anew. Called again, after a pause, where it rejects. */
  start(): Promise<RunningProcess>;
  /** Rejects where the component does not work. Taking longer than {@link Timing.healthDeadline} counts as failed, too. */
  check(signal: AbortSignal): Promise<void>;
  /** Told of each death, before the pause that precedes the new start. Must not throw. */
  onDeath(death: Death): void;
  /** Told what goes wrong beside it. */
  onTrouble: TroubleListener;
}

/** A component ended, could not be started, or had to be killed because it hung. */
export interface Death {
  /** How, e.g. `signal SIGKILL`, or why it was killed. */
  how: string;
  /** Which one in a row this is, counted from 1; a stable time in between begins anew. */
  inARow: number;
  /** Milliseconds until the next start. */
  restartIn: number;
}

/** One component under supervision. */
export interface Supervision {
  readonly key: string;
  /** The process that runs now, or the last one. */
  readonly identity: ProcessIdentity;
  /** The last death and how many there were in a row; undefined where there was none. */
  readonly lastDeath: Death | undefined;
  /** Ends the supervision and the component; returns once its process is gone. Can be called twice. */
  stop(): Promise<void>;
}

/** Keeps the components of all clusters running. */
export interface Supervisor {
  /** Takes over a process that runs. Throws where the key is in use. */
  supervise(component: SupervisedComponent, running: RunningProcess): Supervision;
  /** The supervision under this key; undefined where there is none. */
  find(key: string): Supervision | undefined;
  /** Every supervision whose key begins so. */
  under(prefix: string): Supervision[];
}

/** What {@link createSupervisor} needs. */
export interface SupervisorOptions {
  timing: Timing;
  log: Logger;
}

/** Makes the supervisor. It holds nothing but what it supervises. */
export function createSupervisor({ timing, log }: SupervisorOptions): Supervisor {
  const supervisions = new Map<string, Supervision>();
  return {
    supervise(component, running) {
      if (supervisions.has(component.key)) throw new Error(`${component.key} is supervised already.`);
      const supervision = superviseOne(component, running, timing, log, () => supervisions.delete(component.key));
      supervisions.set(component.key, supervision);
      return supervision;
    },
    find: (key) => supervisions.get(key),
    under: (prefix) => [...supervisions.values()].filter(({ key }) => key.startsWith(prefix)),
  };
}

function superviseOne(
  component: SupervisedComponent,
  first: RunningProcess,
  timing: Timing,
  log: Logger,
  forget: () => void,
): Supervision {
  const stopping = new AbortController();
  let running = first;
  let lastDeath: Death | undefined;

  async function keepRunning(): Promise<void> {
    let startedAt = performance.now();
    let how = await untilEnd(component, running, timing, stopping.signal);
    while (how !== undefined) {
      const stable = performance.now() - startedAt > timing.stableAfter;
      lastDeath = nextDeath(how, stable ? undefined : lastDeath, timing);
      log.warn({ component: component.key, ...lastDeath }, "a component ended and is started again");
      component.onDeath(lastDeath);
      if (!(await pause(lastDeath.restartIn, stopping.signal))) return;
      startedAt = performance.now();
      how = await runAgain();
    }
  }

  /** Resolves with how the new process ended, or with why there is none; with undefined on the stop. */
  async function runAgain(): Promise<string | undefined> {
    try {
      running = await component.start();
    } catch (error) {
      return (error as Error).message;
    }
    return untilEnd(component, running, timing, stopping.signal);
  }

  const kept = keepRunning().catch((error: unknown) => {
    log.error({ component: component.key, err: error }, "a component is not supervised any more");
  });
  let stopped: Promise<void> | undefined;
  return {
    key: component.key,
    get identity() {
      return running.identity;
    },
    get lastDeath() {
      return lastDeath;
    },
    stop() {
      stopping.abort();
      // A start that is under way is waited for: its process must end, too.
      stopped ??= kept.then(() => stopProcess(running.identity, timing)).finally(forget);
      return stopped;
    },
  };
}

function nextDeath(how: string, last: Death | undefined, timing: Timing): Death {
  const inARow = (last?.inARow ?? 0) + 1;
  return { how, inARow, restartIn: Math.min(timing.restartDelay * 2 ** (inARow - 1), timing.restartDelayLimit) };
}

/** Resolves with how the process ended, having killed it where it hung; with undefined as soon as the signal fires. */
async function untilEnd(
  component: SupervisedComponent,
  running: RunningProcess,
  timing: Timing,
  signal: AbortSignal,
): Promise<string | undefined> {
  const over = new AbortController();
  const onStop = () => over.abort();
  signal.addEventListener("abort", onStop, { once: true });
  if (signal.aborted) onStop();
  let hang: string | undefined;
  const killWhereHanging = async () => {
    let isKilled = false;
    while (!isKilled) {
      hang = await untilHang({
        check: (checkSignal) => component.check(checkSignal),
        timing,
        onShortage: (shortage) => component.onTrouble("health", shortage && `It cannot be asked: ${shortage}.`),
        signal: over.signal,
      });
      isKilled = hang === undefined || (await isEnded(component, running, timing));
    }
  };
  void keepLogBounded(component, timing, over.signal);
  try {
    const how = await Promise.race([untilGone(running, timing.adoptedPoll, over.signal), killWhereHanging()]);
    return hang ?? how ?? undefined;
  } finally {
    over.abort();
    signal.removeEventListener("abort", onStop);
  }
}

/** Kills a component; false where it goes on, and is not to be started a second time. */
async function isEnded({ onTrouble }: SupervisedComponent, { identity }: RunningProcess, timing: Timing) {
  try {
    await killProcess(identity, timing);
    onTrouble("end", undefined);
    return true;
  } catch (error) {
    onTrouble("end", (error as Error).message);
    return false;
  }
}

/** Has nothing to do with the component's health: a disk that is full is no reason to kill what works. */
async function keepLogBounded({ logFile, onTrouble }: SupervisedComponent, timing: Timing, signal: AbortSignal) {
  while (await pause(timing.healthPoll, signal)) {
    const trouble = await boundLog(logFile).then(
      () => undefined,
      (error: Error) => error.message,
    );
    onTrouble("log", trouble);
  }
}

async function untilGone(
  { identity, ended }: RunningProcess,
  pollMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (ended !== undefined) return Promise.race([ended, fired(signal)]);
  while (mayLive(identity)) {
    if (!(await pause(pollMs, signal))) return undefined;
  }
  return "its exit code is unknown, since an earlier Sampan had started it";
}

function fired(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
    if (signal.aborted) resolve(undefined);
  });
}
