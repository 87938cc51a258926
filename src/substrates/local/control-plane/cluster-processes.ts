import { glob } from "node:fs/promises";
import type { Agent } from "node:https";
import { join } from "node:path";
import { type ComponentName, componentEnvironment } from "../../../kubernetes/components/command.ts";
import { componentBuilders } from "../../../kubernetes/components/index.ts";
import { inotifyInstances } from "../../../kubernetes/components/inotify.ts";
import type { ControlPlaneMember } from "../../../kubernetes/control-plane.ts";
import type { Distribution } from "../../../kubernetes/distribution/distribution.ts";
import type { HealthAccess } from "../../../kubernetes/pki/health-access.ts";
import { checkForwarder, forwarderCommand } from "../forwarder/process.ts";
import type { ClusterSite } from "../site/site.ts";
import { checkHealth, type HealthKind } from "./health.ts";
import type { ProcessSpec } from "./processes.ts";

/** What is needed to run a cluster's processes. */
export interface ClusterRun {
  site: ClusterSite;
  distribution: Distribution;
  access: HealthAccess;
}

/** Names of what runs for a cluster: the components, once a member, and the forwarder, which is before the members. */
export type ProcessName = ComponentName | "forwarder";

/** One process of a cluster. */
export interface ClusterProcess {
  spec: ProcessSpec;
  /** What users are told that it is, e.g. `etcd`, or `etcd of member-2` where there are several members. */
  title: string;
  /** How many inotify instances it takes. */
  inotifyInstances: number;
  /**
   * Asks it for its health.
   * @param agent Keeps the connection for the next question; without one, it is closed.
   * @throws {Error} where the answer is another than 200, or there is none before the signal fires.
   */
  check(kind: HealthKind, signal: AbortSignal, agent?: Agent): Promise<void>;
}

/** These processes of a cluster, as far as it has them. */
export function clusterProcesses(run: ClusterRun, names: readonly ProcessName[]): ClusterProcess[] {
  return names.flatMap((name) =>
    name === "forwarder"
      ? forwarderProcesses(run.site)
      : run.site.controlPlane.members.map((member) => memberProcess(run, member, name)),
  );
}

function memberProcess(
  { site, distribution, access }: ClusterRun,
  member: ControlPlaneMember,
  component: ComponentName,
): ClusterProcess {
  const { version, etcdVersion, executables } = distribution;
  const build = componentBuilders[component];
  const command = build(component === "etcd" ? etcdVersion : version, site.controlPlane, member);
  return {
    spec: {
      ...specOf(site, member.name, component),
      executable: executables[command.executable],
      args: command.args,
      env: { ...baseEnvironment(site), ...command.env },
    },
    title: site.controlPlane.members.length === 1 ? component : `${component} of ${member.name}`,
    inotifyInstances: inotifyInstances(component, version),
    check: (kind, signal, agent) => checkHealth(component, member, kind, access, signal, agent),
  };
}

/** Folder of the forwarder's files, beside the members'. */
const endpointFolder = "endpoint";

function forwarderProcesses(site: ClusterSite): ClusterProcess[] {
  const command = forwarderCommand(site);
  if (command === undefined) return [];
  const env = { ...baseEnvironment(site), ...componentEnvironment(site.controlPlane) };
  return [
    {
      spec: { ...specOf(site, endpointFolder, "forwarder"), ...command, env },
      title: "endpoint forwarder",
      inotifyInstances: 0,
      check: (_, signal) => checkForwarder(site, signal),
    },
  ];
}

function specOf({ folder }: ClusterSite, subfolder: string, name: ProcessName) {
  return {
    name: `${subfolder}/${name}`,
    folder,
    logFile: join(folder, subfolder, "logs", `${name}.log`),
    pidFile: join(folder, subfolder, "run", `${name}.pid`),
  };
}

/** The processes start no programs; a path all the same, for those that look for one. */
function baseEnvironment({ folder }: ClusterSite): Record<string, string> {
  return { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: folder };
}

/**
 * The pid files below a cluster's folder, by the process' name within it, e.g. `member-1/etcd`; below the folder of all
 * clusters, by the name within that.
 */
export async function pidFilesUnder(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const file of glob("{*,*/*}/run/*.pid", { cwd: folder }))
    files.set(file.replace("/run/", "/").replace(/\.pid$/, ""), join(folder, file));
  return files;
}
