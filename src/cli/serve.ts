import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { createLog } from "../service/log.ts";
import { type Service, startService } from "../service/start.ts";

/** Signals that ask for a normal stop. */
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Signals that come so soon after the first, in milliseconds, are the same request: a terminal, npm and a service manager
 * each pass it on.
 */
const sameRequest = 2_000;

/** Milliseconds that the process gets to end by itself once all is done: what a given-up step left must not keep it. */
const lingering = 300;

/**
 * Runs the service until it gets a signal to stop; resolves when it has stopped, soon after which the process ends. A
 * second signal ends the process at once, as a `kill -9` would: the next start takes everything up again.
 * @throws {Error} with a sentence for the user when the service cannot start, or must not go on
 */
export async function serve(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  const stopRequested = listenForStop(log);
  try {
    const service = await start(config, log, stopRequested);
    if (service) await stopWhen(stopRequested, service, log);
  } finally {
    setTimeout(() => process.exit(), lingering).unref();
  }
}

/** @returns undefined where it was asked to stop before it had started */
async function start(config: Config, log: Logger, stopRequested: AbortSignal): Promise<Service | undefined> {
  try {
    const service = await startService(config, log, stopRequested);
    log.info({ url: service.url, credentialsFile: service.credentialsFile }, `Sampan serves at ${service.url}`);
    return service;
  } catch (error) {
    if (!stopRequested.aborted) throw error;
    log.info("Stopped while starting.");
    return undefined;
  }
}

async function stopWhen(stopRequested: AbortSignal, service: Service, log: Logger): Promise<void> {
  const over = AbortSignal.any([stopRequested, service.lost]);
  if (!over.aborted) await new Promise((resolve) => over.addEventListener("abort", resolve, { once: true }));
  if (service.lost.aborted) log.error({ err: service.lost.reason }, "The service must not go on.");
  log.info("Stopping; clusters are stopped and keep their data.");
  const failed = await service.stop();
  service.lost.throwIfAborted();
  if (failed.length === 0) return log.info("Stopped.");
  process.exitCode = 1;
  log.error({ steps: failed }, `Stopped, but for ${failed.join(", ")}; the next start takes up what was left.`);
}

/** Fires at the first signal; listens from the moment of the call, so that none is lost while the service starts. */
function listenForStop(log: Logger): AbortSignal {
  const stop = new AbortController();
  let firstAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    firstAt ??= performance.now();
    if (performance.now() - firstAt > sameRequest) {
      log.warn({ signal }, "Ended at once by a second signal; clusters that still run are taken up by the next start.");
      process.exit(1);
    }
    if (!stop.signal.aborted) log.info({ signal }, "Asked to stop.");
    stop.abort(new Error(`Asked to stop by ${signal}.`));
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  return stop.signal;
}
