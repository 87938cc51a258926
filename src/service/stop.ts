import type { Logger } from "pino";

/**
 * The steps of a stop, in order, each with the most milliseconds that it may take. Together they are less than the 15 s
 * in which the service ends, whatever others do: a step that takes longer is given up, and the next one begins.
 */
export const stopSteps = {
  // Answers take milliseconds, and 2 s where they wait for a cluster. Then every connection is cut.
  api: 2_000,
  // A stage that is told to leave does so at once, but for one that waits for a disk.
  tasks: 2_500,
  // One statement.
  observations: 200,
  // etcd and the API servers need 2 s; where many end at once, what is late is killed after three quarters of this.
  clusters: 6_800,
  sweep: 100,
  copies: 100,
  queue: 500,
  // Its connection is closed, if the server does not, by the end of the process.
  placement: 100,
  // The last data are written; what is not after three quarters of this is in its log.
  database: 2_000,
  home: 100,
} as const;

/** The name of a step. */
export type StopStep = keyof typeof stopSteps;

/** Part of a step's time after which it is told to hurry. */
const unhurried = 0.75;

/**
 * Stops one part of the service.
 * @param hurry fires when most of the step's time is over: what can be cut short should be
 */
type Stop = (hurry: AbortSignal) => unknown;

/** What has been started and has to be stopped. */
export interface Stops {
  /** Names how a part is stopped that has just been started. */
  add(step: StopStep, stop: Stop): void;
  /**
   * Stops what was started, in the order of {@link stopSteps}. Never rejects: a step that fails, or takes too long, is
   * logged by its name.
   * @param skipped steps that are left out
   * @returns the steps that failed or were given up
   */
  run(skipped?: readonly StopStep[]): Promise<StopStep[]>;
}

/** Nothing has been started yet. */
export function createStops(log: Logger): Stops {
  const stops = new Map<StopStep, Stop>();
  return {
    add(step, stop) {
      stops.set(step, stop);
    },
    async run(skipped = []) {
      const failed: StopStep[] = [];
      for (const [step, most] of Object.entries(stopSteps) as [StopStep, number][]) {
        const stop = stops.get(step);
        if (stop === undefined || skipped.includes(step)) continue;
        stops.delete(step);
        const begun = performance.now();
        const error = await runStep(stop, most);
        const milliseconds = Math.round(performance.now() - begun);
        if (error === undefined) log.debug({ step, milliseconds }, "A step of the stop is done.");
        else log.error({ step, milliseconds, err: error }, `The stop goes on without its step ${step}.`);
        if (error !== undefined) failed.push(step);
      }
      return failed;
    },
  };
}

/** @returns why the step was not done in its time; undefined where it was */
async function runStep(stop: Stop, most: number): Promise<Error | undefined> {
  const hurry = new AbortController();
  const { promise: tooLong, resolve } = Promise.withResolvers<Error>();
  const timers = [
    setTimeout(() => hurry.abort(new Error("The step's time is nearly over.")), most * unhurried),
    setTimeout(() => resolve(new Error(`It was not done within ${most} ms.`)), most),
  ];
  const done = Promise.resolve(hurry.signal)
    .then(stop)
    .then(() => undefined)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  try {
    return await Promise.race([done, tooLong]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
