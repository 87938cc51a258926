import type { Config } from "../config.ts";
import { startService } from "../service/start.ts";
import { createLog } from "./log.ts";

/** Signals that ask for a normal stop. */
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Signals that come so soon after the first, in milliseconds, are the same request: a terminal, npm and a service manager
 * each pass it on.
 */
const sameRequest = 2000;

/**
 * Runs the service until it gets a signal to stop; resolves when it has stopped. A second signal ends the process at
 * once, as a `kill -9` would: the next start takes everything up again.
 */
export async function serve(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  const stopRequested = firstStopSignal();
  const service = await startService(config, log);
  log.info({ url: service.url, credentials: service.credentialsFile }, `Sampan serves at ${service.url}`);
  const signal = await stopRequested;
  log.info({ signal }, "Stopping; clusters are stopped and keep their data.");
  await service.stop();
  log.info("Stopped.");
}

/** Resolves with the first signal; listens from the moment of the call, so that none is lost while the service starts. */
function firstStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = (signal: NodeJS.Signals) => {
      first ??= performance.now();
      if (performance.now() - first > sameRequest) process.exit(1);
      resolve(signal);
    };
    for (const signal of stopSignals) process.on(signal, onSignal);
  });
}
