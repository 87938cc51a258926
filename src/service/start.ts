import { readFile } from "node:fs/promises";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { proveKey } from "../core/accounts/accounts.ts";
import { settleFirstAccount } from "../core/accounts/first-account.ts";
import type { Core } from "../core/core.ts";
import { enqueueLostTasks } from "../core/tasks/tasks.ts";
import { createApp } from "../server/app.ts";
import { type Front, openFront } from "../server/front.ts";
import { createGuard, type Guard } from "../server/guard.ts";
import { createWaitingRoom } from "../server/waiting-room.ts";
import { type Database, openDatabase } from "../storage/database.ts";
import { type Home, takeHome } from "../storage/home.ts";
import { type PlacementLock, usualPatience } from "../storage/placement-lock.ts";
import { startTaskRunner } from "../tasks/runner.ts";
import { untilStored } from "../tasks/until-stored.ts";
import { copyDaily, noCopy } from "./copies.ts";
import { openCore } from "./core.ts";
import { credentialsFile, loadCredentials } from "./credentials.ts";
import { dialects, mountDialects } from "./dialects.ts";
import { placementOf } from "./homes.ts";
import { noKeeper, startObservationKeeper } from "./observation-keeper.ts";
import { observe } from "./observer.ts";
import { createStops, type StopStep, type Stops } from "./stop.ts";
import { createSubstrate } from "./substrate.ts";
import { sweepExpired } from "./sweep.ts";

/** A service that runs. */
export interface Service {
  /** Base address of the API, e.g. `http://127.0.0.1:7080`. */
  readonly url: string;
  /** File that holds the first account's credentials. */
  readonly credentialsFile: string;
  /** Fires, with a sentence as its reason, when the service must not go on: another process has its home's clusters. */
  readonly lost: AbortSignal;
  /**
   * Stops everything: requests, tasks, clusters (their data stays), the database.
   * @returns the steps that failed or took too long; none is left out because of another
   */
  stop(): Promise<StopStep[]>;
}

/** What is left as it is by a start that failed: clusters that an earlier process left running go on. */
const leftByFailedStart: readonly StopStep[] = ["clusters"];

/**
 * Starts the whole service: this is where its parts are put together. Whatever can be wrong with the settings or the
 * machine is found before a cluster is touched.
 * @param stopRequested ends the start at whatever it waits for; what had been started is stopped
 * @throws {Error} with a sentence for the user when it cannot start; whatever had been started is stopped again, but no
 *   cluster is
 */
export async function startService(config: Config, log: Logger, stopRequested: AbortSignal): Promise<Service> {
  const stops = createStops(log);
  try {
    return await startParts(config, log, stops, stopRequested);
  } catch (error) {
    await stops.run(stopRequested.aborted ? [] : leftByFailedStart);
    throw error;
  }
}

async function startParts(config: Config, log: Logger, stops: Stops, stopRequested: AbortSignal): Promise<Service> {
  const step = <T>(work: Promise<T>): Promise<T> => unlessAborted(work, stopRequested);

  const home = await step(takeHome(config.home));
  stops.add("home", () => home.release());
  const guard = createGuard(ownNames(config));
  const front = await step(openDoor(config, guard, log, stops));
  let afterEnd = () => {};
  const onEnd = (reason: Error) => {
    tellEnd(log, reason);
    afterEnd();
  };
  const wishes = { onCopyFailed: noCopy(log), onEnd };
  const database = await step(openDatabase({ home: home.path, url: config.databaseUrl, ...wishes }));
  stops.add("database", (hurry) => database.close(hurry));
  const lost = new AbortController();
  const placement = await step(takeOwnPlacement(home, database, lost));
  stops.add("placement", () => placement.release());
  const core = await step(openCore(home, database, log, config.publicUrl ?? front.url));
  stops.add("queue", () => core.queue.stop());
  afterEnd = () => releaseJobs(core, log, stopRequested);
  await step(proveKey(core));
  await step(settleFirstAccount(core, (inForce) => loadCredentials(home.path, config, inForce)));
  stops.add("sweep", sweepExpired(core, log, config));
  stops.add("copies", copyDaily(home.path, database, log));

  const substrate = createSubstrate(config, home, core, log);
  await step(substrate.preflight());
  const keeper =
    config.databaseUrl === undefined
      ? noKeeper
      : startObservationKeeper(core, { substrate, log, versionPolicy: config.versionPolicy });
  stops.add("observations", () => keeper.stop());
  const observer = observe(core, { substrate, keeper, config });
  const app = await step(
    createApp({
      log,
      version: await ownVersion(),
      core,
      observer,
      dialects: mountDialects(core, observer, config),
      guard,
      checkReady: () => database.ping(),
    }),
  );
  await step(Promise.resolve(app.ready()));

  stops.add("clusters", (hurry) => substrate.suspend(hurry));
  await step(enqueueLostTasks(core));
  const { versionPolicy, concurrentTasks: concurrency } = config;
  const runner = await step(startTaskRunner({ core, substrate, log, versionPolicy, concurrency }));
  stops.add("tasks", () => runner.stop());
  front.serve(app.routing);
  const credentials = credentialsFile(home.path);
  return { url: front.url, credentialsFile: credentials, lost: lost.signal, stop: () => stops.run() };
}

/** Names by which the settings say that the service is called. */
const ownNames = ({ publicUrl, allowedHosts }: Config): string[] =>
  publicUrl === undefined ? allowedHosts : [new URL(publicUrl).hostname, ...allowedHosts];

/** Holds the port from the first moment on, and answers there that the service starts, and at the end that it stops. */
async function openDoor({ host, port }: Config, guard: Guard, log: Logger, stops: Stops): Promise<Front> {
  let reason = "The service is starting. Try again in a second.";
  const waitingRoom = createWaitingRoom(dialects, guard, () => reason);
  await waitingRoom.ready();
  const front = await openFront({ host, port, log }, waitingRoom.routing);
  log.debug({ url: front.url }, "The port is held; the parts behind it are started.");
  stops.add("api", (hurry) => {
    reason = "The service is stopping. Try again when it has been started again.";
    front.serve(waitingRoom.routing);
    return front.close(hurry);
  });
  return front;
}

function tellEnd(log: Logger, reason: Error): void {
  log.error(
    { err: reason },
    "The embedded database has ended by itself, as it does where its disk is full or fails. It is opened again for the next query, with all that was acknowledged.",
  );
}

/** Once the database is there again. */
function releaseJobs({ queue }: Core, log: Logger, signal: AbortSignal): void {
  const onError = (error: Error) => log.debug({ err: error }, "The database is not there yet.");
  untilStored(() => queue.releaseAbandoned(), { signal, onError }).catch((error: unknown) => {
    if (!signal.aborted) log.error({ err: error }, "Tasks may wait until the next start.");
  });
}

/** Before anything is done with the queue, since a copy of a home has the same one. */
const takeOwnPlacement = (home: Home, database: Database, lost: AbortController): Promise<PlacementLock> =>
  database.takePlacement({
    placement: placementOf(home.id),
    patience: usualPatience,
    onLost: (error) => lost.abort(error),
  });

/** What is waited for, or the signal's reason as soon as it fires: the work itself goes on until the process ends. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function ownVersion(): Promise<string> {
  const description: { version: string } = JSON.parse(
    await readFile(new URL("../../package.json", import.meta.url), "utf8"),
  );
  return description.version;
}
