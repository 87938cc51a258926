import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { forgetExpiredNonces, proveKey } from "../core/accounts/accounts.ts";
import { settleFirstAccount } from "../core/accounts/first-account.ts";
import { forgetExpiredTokens } from "../core/accounts/tokens.ts";
import { getCluster } from "../core/clusters/clusters.ts";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import type { Core } from "../core/core.ts";
import { addEvent } from "../core/events/events.ts";
import { ack } from "../dialects/ack/index.ts";
import { cce } from "../dialects/cce/index.ts";
import { mount } from "../dialects/common/dialect.ts";
import { listInstalled } from "../kubernetes/distribution/cache.ts";
import { resolveVersion } from "../kubernetes/distribution/resolve.ts";
import { createApp } from "../server/app.ts";
import { issuerPath } from "../server/token-issuers.ts";
import { createCipher, loadSecretKey } from "../storage/cipher.ts";
import { type Database, openDatabase } from "../storage/database.ts";
import { type Home, takeHome } from "../storage/home.ts";
import { startTaskQueue } from "../storage/queue.ts";
import { createLocalSubstrate } from "../substrates/local/index.ts";
import type { Substrate } from "../substrates/substrate.ts";
import { clusterLook, loadClusterRecord } from "../tasks/cluster-record.ts";
import { startTaskRunner } from "../tasks/runner.ts";
import { credentialsFile, loadCredentials } from "./credentials.ts";
import { distributionOptions } from "./distribution-options.ts";

/** How often nonces and tokens that are too old to matter are removed, in milliseconds. */
const sweepInterval = 10 * 60_000;

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
    const runner = await startTaskRunner({
      core,
      substrate,
      log,
      versionPolicy: config.versionPolicy,
      concurrency: config.concurrentTasks,
    });
    cleanup.push(() => runner.stop());

    const common = { core, observer: observe(core, substrate, config), settings: config };
    const app = await createApp({
      log,
      version: await ownVersion(),
      core,
      observer: common.observer,
      dialects: [
        mount(ack, { ...common, runningVersions: (requested) => runningVersions(config, requested) }),
        mount(cce, common),
      ],
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

/** @param publicUrl known at the latest when the first request can come */
async function openCore(home: Home, database: Database, log: Logger, publicUrl: { value: string }): Promise<Core> {
  // The local substrate's clusters are this home's alone to work on, however many replicas share the database.
  const placement = `local-${home.id}`;
  const onError = (error: Error) => log.error({ err: error }, "The task queue had an error.");
  const queue = await startTaskQueue(database, placement, onError);
  return {
    db: database.db,
    cipher: createCipher(await loadSecretKey(home.path)),
    queue,
    placement,
    tokenIssuer: (clusterId) => `${publicUrl.value}${issuerPath(clusterId)}`,
  };
}

function createSubstrate(config: Config, home: Home, core: Core, log: Logger): Substrate {
  return createLocalSubstrate({
    home: home.path,
    log,
    distribution: distributionOptions(config),
    onEvent: (clusterId, level, reason, message) => {
      noteEvent(core, { clusterId, level, reason, message }).catch((error: unknown) =>
        log.error({ err: error, clusterId, reason }, "An event could not be written."),
      );
    },
  });
}

async function noteEvent(
  core: Core,
  event: { clusterId: string; level: "info" | "warning"; reason: string; message: string },
): Promise<void> {
  const cluster = await getCluster(core, event.clusterId);
  if (cluster) await addEvent(core, { ...event, accountId: cluster.accountId, taskId: null });
}

/** Connects what the core wants to know of living clusters to the substrate that has them. */
function observe(core: Core, substrate: Substrate, { versionPolicy }: Config): ClusterObserver {
  return {
    describe: (cluster) => substrate.describe(cluster.substrateState),
    async nodeReadiness(cluster) {
      const observed = await substrate.observeNodes(await loadClusterRecord(core, cluster, versionPolicy));
      return new Map(observed.map(({ name, ready }) => [name, ready]));
    },
    kubeconfig: async (cluster, wish) =>
      substrate.kubeconfig(await loadClusterRecord(core, cluster, versionPolicy), wish),
    adminAccess: async (cluster, wish) =>
      substrate.adminAccess(await loadClusterRecord(core, cluster, versionPolicy), wish),
    isReady: (cluster) => substrate.isReady(clusterLook(core, cluster)),
    serviceAccountKeys: async (cluster) =>
      substrate.serviceAccountKeys(await loadClusterRecord(core, cluster, versionPolicy)),
  };
}

/** What each version that could be asked for would run, of what is installed now. */
async function runningVersions(config: Config, requested: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const installed = (await listInstalled(config.distributionDirectory)).map(({ version }) => version);
  const running = requested.flatMap((version) => {
    const found = resolveVersion(version, installed);
    return found ? [[version, found.version] as const] : [];
  });
  return new Map(running);
}

function sweepExpired(core: Core, log: Logger): () => Promise<void> {
  const sweep = async () => {
    const now = new Date();
    await forgetExpiredNonces(core, now);
    await forgetExpiredTokens(core, now);
  };
  const timer = setInterval(
    () => sweep().catch((error: unknown) => log.warn({ err: error }, "Old nonces and tokens were not removed.")),
    sweepInterval,
  );
  return async () => clearInterval(timer);
}

/** @throws Error that names the setting when the address is taken or not this machine's */
async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE")
      throw new Error(
        `Port ${port} of ${host} is in use by another program; set SAMPAN_PORT to a free one (0 takes any).`,
      );
    if (code === "EADDRNOTAVAIL") throw new Error(`SAMPAN_HOST is ${host}, which is no address of this machine.`);
    if (code === "EACCES") throw new Error(`Port ${port} may only be used by root; set SAMPAN_PORT to one above 1023.`);
    throw error;
  }
  const { address, family, port: bound } = app.server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`;
}

async function ownVersion(): Promise<string> {
  const description: { version: string } = JSON.parse(
    await readFile(new URL("../../package.json", import.meta.url), "utf8"),
  );
  return description.version;
}
