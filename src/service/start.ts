import { readFile } from "node:fs/promises";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { proveKey } from "../core/accounts/accounts.ts";
import { settleFirstAccount } from "../core/accounts/first-account.ts";
import { createApp } from "../server/app.ts";
import { openDatabase } from "../storage/database.ts";
import { takeHome } from "../storage/home.ts";
import { startTaskRunner } from "../tasks/runner.ts";
import { openCore } from "./core.ts";
import { credentialsFile, loadCredentials } from "./credentials.ts";
import { mountDialects } from "./dialects.ts";
import { listen } from "./listen.ts";
import { observe } from "./observer.ts";
import { createSubstrate } from "./substrate.ts";
import { sweepExpired } from "./sweep.ts";

/** A service that runs. */
export interface Service {
  /** Base address of the API, e.g. `http://127.0.0.1:7080`. */
  readonly url: string;
  /** File that holds the first account's credentials. */
  readonly credentialsFile: string;
  /** Stops everything: requests, tasks, clusters (their data stays), the database. */
  stop(): Promise<void>;
}

/**
 * Starts the whole service: this is where its parts are put together.
 * @throws Error with a sentence for the user when it cannot start; whatever had been started is stopped again
 */
export async function startService(config: Config, log: Logger): Promise<Service> {
  const cleanup: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const undo of cleanup.toReversed()) await undo();
  };
  try {
    const home = await takeHome(config.home);
    cleanup.push(() => home.release());
    const database = await openDatabase({ home: home.path, url: config.databaseUrl });
    cleanup.push(() => database.close());
    const publicUrl = { value: config.publicUrl ?? "" };
    const core = await openCore(home, database, log, publicUrl);
    cleanup.push(() => core.queue.stop());
    await proveKey(core);
    await settleFirstAccount(core, (inForce) => loadCredentials(home.path, config, inForce));
    cleanup.push(sweepExpired(core, log));

    const substrate = createSubstrate(config, home, core, log);
    await substrate.preflight();
    cleanup.push(() => substrate.suspend());
    const { versionPolicy, concurrentTasks: concurrency } = config;
    const runner = await startTaskRunner({ core, substrate, log, versionPolicy, concurrency });
    cleanup.push(() => runner.stop());

    const observer = observe(core, substrate, config);
    const app = await createApp({
      log,
      version: await ownVersion(),
      core,
      observer,
      dialects: mountDialects(core, observer, config),
      checkReady: () => database.ping(),
    });
    cleanup.push(() => app.close());
    const url = await listen(app, config);
    publicUrl.value ||= url;
    return { url, credentialsFile: credentialsFile(home.path), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ownVersion(): Promise<string> {
  const description: { version: string } = JSON.parse(
    await readFile(new URL("../../package.json", import.meta.url), "utf8"),
  );
  return description.version;
}
