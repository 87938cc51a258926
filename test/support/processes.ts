import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { listPids, processStat } from "../../src/machine/processes.ts";

/** A living process of a cluster's control plane. */
export interface ComponentProcess {
  pid: number;
  /** 32 hexadecimal digits. */
  cluster: string;
  /** e.g. `member-1`. */
  member: string;
  /** e.g. `etcd`. */
  component: string;
}

/** The processes of a control plane with one member and a public endpoint, as {@link componentProcesses} sorts them. */
export const controlPlane = ["etcd", "forwarder", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/** The environment that a process was started with; empty where it has ended or is another user's. */
export function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/** The living components of every cluster of a home, by name. */
export function componentProcesses(home: string): ComponentProcess[] {
  const prefix = `SAMPAN_COMPONENT=${home}/clusters/`;
  return livingPids()
    .flatMap((pid) => {
      const variable = environmentOf(pid).find((entry) => entry.startsWith(prefix));
      const [cluster = "", member = "", component = ""] = variable?.slice(prefix.length).split("/") ?? [];
      return variable === undefined ? [] : [{ pid, cluster, member, component }];
    })
    .sort((one, other) => (one.component < other.component ? -1 : 1));
}

/** Every living process in whose command line or environment the folder stands, this process excepted. */
export function processesNaming(folder: string): string[] {
  return livingPids()
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({ pid, command: commandOf(pid), environment: environmentOf(pid) }))
    .filter(({ command, environment }) => [command, ...environment].some((text) => text.includes(folder)))
    .map(({ pid, command }) => `${pid} ${command}`);
}

/** The command line of every process that can be seen, as `ps` shows them. */
export const allCommands = (): string[] => livingPids().map(commandOf);

/** The addresses and ports of 127.64.0.0/10 that something listens on, e.g. `127.64.5.1:6443`. */
export function clusterListeners(): string[] {
  return tcpSockets()
    .filter(({ state, local }) => state === listening && /^127\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(local))
    .map(({ local }) => local);
}

/** The kernel's word for a socket that listens. */
const listening = "0A";

/** Every IPv4 TCP socket of the machine. */
function tcpSockets() {
  const rows = readFileSync("/proc/net/tcp", "utf8").trim().split("\n").slice(1);
  return rows.map((row) => {
    const [, local = "", , state = "", , , , , , inode = ""] = row.trim().split(/\s+/);
    return { local: readable(local), state, inode };
  });
}

/** `0100407F:192B`, as the kernel writes it on a little-endian machine, is `127.64.0.1:6443`. */
function readable(local: string): string {
  const [address = "", port = ""] = local.split(":");
  const octets = address.match(/../g)?.map((octet) => Number.parseInt(octet, 16)) ?? [];
  return `${octets.reverse().join(".")}:${Number.parseInt(port, 16)}`;
}

/**
 * How many of what a process has open, by kind: `socket`, `pipe`, `anon_inode:[eventpoll]`, or the path of a file.
 *
 * @param port connections of clients to it are left out: they are the clients'.
 */
export function openFiles(pid: number, port: number): Record<string, number> {
  const ofClients = new Set(connectionsTo(port));
  const targets = readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${name}`)];
    } catch {
      // The descriptor of this very look, closed again.
      return [];
    }
  });
  const counts: Record<string, number> = {};
  for (const target of targets.filter((one) => !ofClients.has(one)).sort()) {
    const kind = target.replace(/:\[\d+\]$/, "");
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** The sockets, as `socket:[inode]`, of connections that a server on this port of 127.0.0.1 has accepted. */
function connectionsTo(port: number): string[] {
  return tcpSockets()
    .filter(({ local, state }) => state !== listening && local === `127.0.0.1:${port}`)
    .map(({ inode }) => `socket:[${inode}]`);
}

const livingPids = (): number[] => listPids().filter((pid) => processStat(pid) !== undefined);

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
