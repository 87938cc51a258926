import { spawn } from "node:child_process";
import { mkdir, open, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import packageJson from "../../package.json" with { type: "json" };
import { killTree } from "./process-tree.ts";

/** A Sampan that runs as `npm start` runs it, with a home of its own. */
export interface TemporaryService {
  readonly home: string;
  /** Takes everything that the service writes. */
  readonly logFile: string;
  /** Holds the generated access key. */
  readonly credentialsFile: string;
  /** Process id of the bootstrap, whose child the service is. */
  readonly pid: number;
  isRunning(): boolean;
  /** Resolves when the service has ended, with how, as a sentence. */
  readonly ended: Promise<string>;
  /**
   * Resolves with the base address of the API once it is served.
   * @throws {Error} with the service's own words where it does not start; the signal's reason.
   */
  serving(signal: AbortSignal): Promise<string>;
  /**
   * Stops the service with everything that it has started. Can be called at any time, and again.
   * @param deadline when it fires, whatever is left is killed.
   */
  stop(deadline: AbortSignal): Promise<void>;
}

const pollMs = 50;

/** What the script `start` gives to `node`. */
const startArguments = packageJson.scripts.start.replace(/^.*\bnode /, "").split(" ");

const repositoryRoot = resolve(import.meta.dirname, "../..");

/**
 * Starts a service.
 *
 * @param folder gets the home and the log; both stay when the service has stopped.
 * @param settings environment variables that replace this process' own; undefined takes one away.
 */
export async function startTemporaryService(
  folder: string,
  settings: Readonly<Record<string, string | undefined>>,
): Promise<TemporaryService> {
  const home = join(folder, "home");
  const logFile = join(folder, "service.log");
  await mkdir(home, { recursive: true, mode: 0o700 });
  await using log = await open(logFile, "a", 0o600);
  // The line that says where it serves is one of level info.
  const env = { ...process.env, SAMPAN_LOG_LEVEL: "info", ...settings, SAMPAN_HOME: home };
  // A session of its own: a Ctrl-C is to reach who started it, and not the service at the same time.
  const child = spawn(process.execPath, startArguments, {
    cwd: repositoryRoot,
    env,
    stdio: ["ignore", log.fd, log.fd],
    detached: true,
  });
  const ended = new Promise<string>((settle) => {
    child.once("error", (error) => settle(`The service could not be started: ${error.message}.`));
    child.once("exit", async (code, signal) => settle(await describeEnd(logFile, signal ?? `exit code ${code}`)));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(await ended);
  let hasEnded = false;
  ended.then(() => {
    hasEnded = true;
  });

  return {
    home,
    logFile,
    credentialsFile: join(home, "credentials.json"),
    pid,
    ended,
    isRunning: () => !hasEnded,
    async serving(signal) {
      while (!hasEnded) {
        const url = servedUrl(await readFile(logFile, "utf8"));
        if (url !== undefined) return url;
        await sleep(pollMs, undefined, { signal });
      }
      throw new Error(await ended);
    },
    async stop(deadline) {
      child.kill("SIGTERM");
      while (!hasEnded && !deadline.aborted) await sleep(pollMs);
      await killTree([pid], home);
    },
  };
}

/** The address from the line that a service logs when it serves. */
function servedUrl(log: string): string | undefined {
  return /^\{.*"url":"(https?:[^"]+)".*\}$/m.exec(log)?.[1];
}

/** What a service that did not start says for people; otherwise how it ended, and what it wrote beside its log. */
async function describeEnd(logFile: string, how: string): Promise<string> {
  const lines = (await readFile(logFile, "utf8")).split("\n").filter((line) => line !== "" && !line.startsWith("{"));
  const start = lines.findLastIndex((line) => line.startsWith("sampan: "));
  if (start >= 0) return lines.slice(start).join("\n").replace("sampan: ", "");
  const error = lines.findLast((line) => /Error\b/.test(line));
  return `The service ended (${how})${error === undefined ? "" : `: ${error}`}.`;
}

/** The usual port of the API where it is free, otherwise `0`, which takes any. */
export async function freePort(host: string, usual: number): Promise<string> {
  const server = createServer();
  const { promise, resolve: settle } = Promise.withResolvers<string>();
  server.once("error", () => settle("0"));
  server.listen({ host, port: usual, exclusive: true }, () => server.close(() => settle(String(usual))));
  return promise;
}
