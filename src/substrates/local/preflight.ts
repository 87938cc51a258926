import { readFile } from "node:fs/promises";
import { processIdentity } from "../../machine/processes.ts";
import { isFree, memberAddress, networkAt } from "./network/loopback.ts";

/** Open files that one component needs at least; etcd and the API server keep hundreds of connections and files. */
const openFiles = 1_024;

/**
 * Checks whether this machine can run clusters as local processes.
 * @throws {Error} with what is missing and the way out.
 */
export async function checkMachine(): Promise<void> {
  if (process.platform !== "linux")
    throw new Error(
      `Local clusters need Linux; this is ${process.platform}. Run Sampan in a Linux machine or container, or set SAMPAN_SUBSTRATE to another substrate.`,
    );
  if (processIdentity(process.pid) === undefined)
    throw new Error(
      "Local clusters need /proc, where processes are found again: mount it in the container that Sampan runs in.",
    );
  await checkLoopback();
  await checkOpenFiles();
}

async function checkLoopback(): Promise<void> {
  const address = memberAddress(networkAt(0), 0);
  try {
    await isFree({ address, port: 0 });
  } catch (error) {
    throw new Error(
      `Local clusters listen on addresses of 127.64.0.0/10, and ${address} cannot be used (${(error as Error).message}). ` +
        `Give the whole of 127.0.0.0/8 to the loopback interface: "ip address add 127.0.0.1/8 dev lo" and "ip link set lo up".`,
      { cause: error },
    );
  }
}

async function checkOpenFiles(): Promise<void> {
  const limits = await readFile("/proc/self/limits", "utf8");
  const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  if (soft < openFiles)
    throw new Error(
      `Local clusters need at least ${openFiles} open files a process, and the limit is ${soft}. Raise it with "ulimit -n ${openFiles}" or in the service's unit (LimitNOFILE).`,
    );
}
