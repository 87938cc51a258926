/**
 * What this machine, or this process, can lack, by the code of the error that tells of it, and the way out. None of it is
 * the fault of the component that was to be started or asked.
 */
const shortages: Readonly<Record<string, string>> = {
  EMFILE: `this process has as many files open as it may: raise "ulimit -n" (LimitNOFILE of the service's unit)`,
  ENFILE: `this machine has as many files open as it may: raise "sysctl fs.file-max"`,
  EAGAIN: `no further process may be started: raise "ulimit -u" (TasksMax of the service's unit), or delete a cluster`,
  ENOMEM: "this machine is out of memory: delete a cluster, or give the machine more",
  ENOBUFS: "this machine is out of memory for sockets: close connections, or give the machine more",
  EADDRNOTAVAIL: `no local port is left for a connection: raise the range of "sysctl net.ipv4.ip_local_port_range"`,
  ENOSPC: "the disk is full: make room on it",
  EDQUOT: "this user's share of the disk is used up: make room, or raise the quota",
  EROFS: "the file system is read-only: mount it for writing",
};

/** What is lacking, where an error, or what caused it, tells of a shortage of this machine; otherwise undefined. */
export function shortageOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, message } = error as NodeJS.ErrnoException;
  const shortage = code !== undefined && Object.hasOwn(shortages, code) ? shortages[code] : undefined;
  return shortage === undefined ? shortageOf(error.cause) : `${shortage} (${message})`;
}

/** Why something failed, without the full stop: the shortage where there is one, the error's own words otherwise. */
export function reasonOf(error: unknown): string {
  return shortageOf(error) ?? (error instanceof Error ? error.message : String(error));
}
