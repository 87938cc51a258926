import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AckClient, createAckClient } from "../examples/demo/ack.ts";
import { startTemporaryService } from "../examples/demo/service.ts";
import { childrenOf } from "./processes.ts";

/** A Sampan that serves, to be measured. */
export interface RunningService {
  /** Temporary folder of the service and of whoever measures it. */
  readonly folder: string;
  readonly home: string;
  readonly client: AckClient;
  /** Base address of the API. */
  readonly url: string;
  /** Holds the generated access key. */
  readonly credentialsFile: string;
  /** Process id of the service itself. */
  readonly pid: number;
}

/** Milliseconds that a normal stop may take. */
const stopMs = 60_000;

/**
 * Starts a service as `npm start` does, has something done with it, and stops and removes it.
 * @param settings environment variables of the service.
 */
export async function withService<T>(
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
  work: (service: RunningService) => Promise<T>,
): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "sampan-bench-")));
  const service = await startTemporaryService(folder, {
    ...settings,
    SAMPAN_PORT: "0",
    SAMPAN_DATABASE_URL: undefined,
  });
  try {
    const url = await service.serving(signal);
    const client = await createAckClient(url, service.credentialsFile);
    const [pid = service.pid] = await childrenOf(service.pid);
    const { home, credentialsFile } = service;
    return await work({ folder, home, client, url, credentialsFile, pid });
  } finally {
    await service.stop(AbortSignal.timeout(stopMs));
    await rm(folder, { recursive: true, force: true });
  }
}
