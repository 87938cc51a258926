import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect } from "vitest";
import type { Credentials } from "../../src/core/accounts/first-account.ts";
import { distributionSettings } from "./distribution.ts";
import { eventually } from "./eventually.ts";
import { componentProcesses, processesNaming } from "./processes.ts";
import { type Accepted, type AckClient, allClusters, createAckClient, deleteCluster, sdk, successOf } from "./sdk.ts";

/** The command `sampan`. */
export const cli = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** The first account's credentials, as a new service makes them. */
export type ServiceCredentials = Credentials & { userPassword: string };

/** The service as a process of its own, in a folder of its own. */
export interface TestService {
  /** Folder for the test's files; its `home` is SAMPAN_HOME. Removed at the end. */
  readonly folder: string;
  readonly home: string;
  /** Process id of the running service. */
  readonly pid: number;
  readonly url: string;
  /** `host:port`. */
  readonly endpoint: string;
  /** What `credentials.json` has: of both vendors' kinds. */
  readonly credentials: ServiceCredentials;
  readonly client: AckClient;
  /** Everything it has written in all its lives. */
  output(): string;
  /** Starts it again on the same home, with the same settings. */
  start(): Promise<void>;
  /** Asks it to stop (SIGTERM) and waits; it has to end with exit code 0. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill9(): Promise<void>;
  /** Deletes every cluster through the API, stops it, and fails where anything of it is left. Removes the folder. */
  dispose(): Promise<void>;
  /** Ends it, and removes by force whatever it leaves: for a home whose clusters nobody knows any more. */
  discard(): Promise<void>;
}

/** The environment of a service under test: nothing of the test runner's own but the path. */
export function serviceEnvironment(home: string, settings: Settings = {}): Settings {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    SAMPAN_HOME: home,
    SAMPAN_PORT: "0",
    ...distributionSettings,
    ...settings,
  };
}

/** Environment variables, those of Sampan and others. */
export type Settings = Record<string, string>;

/**
 * Starts a service on an empty home and waits until it is ready.
 *
 * @param given its settings; a function makes them from the test's folder
 */
export async function startService(
  given: Settings | ((folder: string) => Promise<Settings>) = {},
): Promise<TestService> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "sampan-e2e-")));
  const settings = typeof given === "function" ? await given(folder) : given;
  const home = join(folder, "home");
  const log = join(folder, "service.log");
  let running: RunningService | undefined;
  const current = (): RunningService => {
    if (!running) throw new Error("The service does not run.");
    return running;
  };

  const service: TestService = {
    folder,
    home,
    get pid() {
      return current().pid;
    },
    get url() {
      return current().url;
    },
    get endpoint() {
      return new URL(current().url).host;
    },
    get credentials() {
      return current().credentials;
    },
    get client() {
      return current().client;
    },
    output: () => readFileSync(log, "utf8"),
    async start() {
      running = await launch(home, log, settings);
    },
    async stop() {
      const { child } = current();
      running = undefined;
      child.kill("SIGTERM");
      expect(await endOfProcess(child), this.output()).toBe(0);
    },
    async kill9() {
      const { child } = current();
      running = undefined;
      child.kill("SIGKILL");
      expect(await endOfProcess(child)).toBe("SIGKILL");
    },
    async dispose() {
      try {
        if (running) await removeAllClusters(service.client);
        if (running) await service.stop();
        expect(await leftoversOf(home, settings)).toEqual({ processes: [], claims: [], folders: [] });
      } finally {
        running?.child.kill("SIGKILL");
        await removeByForce(folder);
      }
    },
    async discard() {
      running?.child.kill("SIGKILL");
      await removeByForce(folder);
    },
  };
  try {
    await service.start();
  } catch (error) {
    await removeByForce(folder);
    throw error;
  }
  return service;
}

/**
 * Starts a service that has to refuse to start.
 * @returns what it wrote
 */
export async function refusalToStart(home: string, settings: Settings = {}): Promise<string> {
  const env = serviceEnvironment(home, settings);
  const options = { env, extendEnv: false, all: true, reject: false, timeout: 200_000 } as const;
  const run = await execa(process.execPath, [cli, "serve"], options);
  expect(run.exitCode, run.all).toBe(1);
  return run.all;
}

interface RunningService {
  child: ChildProcess;
  pid: number;
  url: string;
  credentials: ServiceCredentials;
  client: AckClient;
}

async function launch(home: string, log: string, settings: Settings): Promise<RunningService> {
  const output = openSync(log, "a", 0o600);
  const before = readFileSync(log, "utf8").length;
  const child = spawn(process.execPath, [cli, "serve"], {
    env: serviceEnvironment(home, settings),
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const written = () => readFileSync(log, "utf8").slice(before);
  const url = await readyUrl(child, written);
  if (url === undefined) {
    child.kill("SIGKILL");
    throw new Error(`The service was not to be started:\n${written()}`);
  }
  const credentials: ServiceCredentials = JSON.parse(await readFile(join(home, "credentials.json"), "utf8"));
  return { child, pid: child.pid ?? 0, url, credentials, client: createAckClient(new URL(url).host, credentials) };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** The address, once it is ready, from the line of the log that says that it serves; undefined where it ends or hangs. */
async function readyUrl(child: ChildProcess, written: () => string): Promise<string | undefined> {
  const look = async () => {
    if (hasEnded(child)) return undefined;
    const url = /"Sampan serves at (http:[^"]+)"/.exec(written())?.[1];
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    return url;
  };
  return eventually(look).catch(() => undefined);
}

/** Exit code, or the signal that ended it. */
async function endOfProcess(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (!hasEnded(child)) await once(child, "exit");
  return child.signalCode ?? child.exitCode;
}

/** Deletes every cluster, protected or not, and waits until all are gone. */
async function removeAllClusters(client: AckClient): Promise<void> {
  let clusters = await allClusters(client);
  while (clusters.length > 0) {
    const deletions: Accepted[] = [];
    for (const cluster of clusters) deletions.push(...(await requestRemoval(client, cluster)));
    for (const deletion of deletions) await successOf(client, deletion);
    clusters = await allClusters(client);
  }
}

type ListedCluster = Awaited<ReturnType<typeof allClusters>>[number];

/** @returns nothing where the cluster has gone by itself: a creation that fails may have rolled back meanwhile */
async function requestRemoval(
  client: AckClient,
  { clusterId = "", deletionProtection }: ListedCluster,
): Promise<Accepted[]> {
  const unprotected = new sdk.ModifyClusterRequest({ deletionProtection: false });
  try {
    if (deletionProtection) await client.modifyCluster(clusterId, unprotected);
    return [await deleteCluster(client, clusterId)];
  } catch (error) {
    if ((error as { code?: string }).code === "ErrorClusterNotFound") return [];
    throw error;
  }
}

/** What clusters leave behind outside of the database: nothing, once all are deleted and the service has ended. */
async function leftoversOf(home: string, settings: Settings = {}) {
  return {
    processes: processesNaming(home),
    claims: await claimsOf(home, settings),
    folders: await readdir(join(home, "clusters")).catch(() => []),
  };
}

/** Where the services with these settings keep their claims on loopback networks. */
export function claimsFolderOf(settings: Settings): string {
  return join({ ...distributionSettings, ...settings }.SAMPAN_DISTRIBUTION_DIR ?? "", "networks");
}

/** The claims on loopback networks that name a home, or a cluster's folder. */
export async function claimsOf(folder: string, settings: Settings = {}): Promise<string[]> {
  const claimsFolder = claimsFolderOf(settings);
  const names = await readdir(claimsFolder).catch(() => []);
  const claims = names.map(async (name) => {
    const content = await readFile(join(claimsFolder, name), "utf8").catch(() => "");
    return content.includes(folder) ? [join(claimsFolder, name)] : [];
  });
  return (await Promise.all(claims)).flat();
}

/** For the end of a test that failed: whatever is left must not disturb the next. */
async function removeByForce(folder: string): Promise<void> {
  for (const { pid } of componentProcesses(join(folder, "home"))) process.kill(pid, "SIGKILL");
  for (const claim of await claimsOf(folder)) await rm(claim, { force: true });
  await eventually(() => rm(folder, { recursive: true, force: true }));
}
