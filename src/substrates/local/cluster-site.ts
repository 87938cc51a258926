import { glob, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ComponentName } from "../../kubernetes/components/command.ts";
import { COMPONENTS } from "../../kubernetes/components/index.ts";
import { type ControlPlane, type ControlPlaneMember, PORTS } from "../../kubernetes/control-plane.ts";
import type { Distribution } from "../../kubernetes/distribution/distribution.ts";
import type { ClusterPlan, ClusterRecord } from "../substrate.ts";
import { readLocalState } from "./local-state.ts";
import { endpointAddress, type LoopbackNetwork, memberAddress } from "./loopback.ts";
import type { ProcessSpec } from "./processes.ts";

/** A cluster's place on this machine: its folder, its loopback network, and its control plane with both filled in. */
export interface ClusterSite {
  /** 32 hexadecimal digits. */
  id: string;
  /** Absolute path of the cluster's folder. */
  folder: string;
  network: LoopbackNetwork;
  controlPlane: ControlPlane;
}

/** One component of one member. */
export interface MemberComponent {
  component: ComponentName;
  member: ControlPlaneMember;
}

/** Folder of all clusters of one SAMPAN_HOME. */
export function clustersFolder(home: string): string {
  return join(home, "clusters");
}

/** Folder of one cluster. */
export function clusterFolder(home: string, id: string): string {
  return join(clustersFolder(home), id);
}

/** Makes the cluster's folder, for its owner's eyes only, and returns its path. */
export async function ensureClusterFolder(home: string, id: string): Promise<string> {
  const folder = clusterFolder(home, id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** The cluster's place; undefined before it has a network. */
export function siteOf(home: string, cluster: ClusterRecord): ClusterSite | undefined {
  const { network } = readLocalState(cluster);
  return network === undefined ? undefined : clusterSite(home, cluster.plan, network);
}

/** As {@link siteOf}, for those who cannot do without. */
export function requireSite(home: string, cluster: ClusterRecord): ClusterSite {
  const site = siteOf(home, cluster);
  if (site === undefined)
    throw new Error(
      `Cluster ${cluster.plan.name} has no addresses on this machine: it is being made or removed, or its creation failed.`,
    );
  return site;
}

/** Works out where everything of a cluster is. */
export function clusterSite(home: string, plan: ClusterPlan, network: LoopbackNetwork): ClusterSite {
  const folder = clusterFolder(home, plan.id);
  const endpoint = endpointAddress(network);
  const members = Array.from({ length: plan.members }, (_, index): ControlPlaneMember => {
    const name = `member-${index + 1}`;
    const address = memberAddress(network, index);
    return {
      name,
      address,
      // A single member listens at the endpoint itself; several need a forwarder there.
      apiServerAddress: plan.members === 1 ? endpoint : address,
      vpcAddress: vpcAddressOf(plan, index),
      directory: join(folder, name),
    };
  });
  const { podCidr, nodeCidrMask, serviceCidr, clusterDomain } = plan.network;
  return {
    id: plan.id,
    folder,
    network,
    controlPlane: {
      id: plan.id,
      endpointAddress: endpoint,
      members,
      network: { podCidr, nodeCidrMask, serviceCidr, clusterDomain },
      apiServer: plan.apiServer,
      timezone: plan.timezone,
    },
  };
}

function vpcAddressOf({ members, network }: ClusterPlan, index: number): string {
  const address = network.memberAddresses[index];
  if (address === undefined)
    throw new Error(
      `The cluster has ${members} members, but only ${network.memberAddresses.length} VPC addresses for them.`,
    );
  return address;
}

/** Where clients reach the API server, e.g. `https://127.64.1.1:6443`. */
export function endpointUrl({ network }: Pick<ClusterSite, "network">): string {
  return `https://${endpointAddress(network)}:${PORTS.apiServer}`;
}

/** These components of every member. */
export function memberComponents({ controlPlane }: ClusterSite, names: readonly ComponentName[]): MemberComponent[] {
  return controlPlane.members.flatMap((member) => names.map((component) => ({ component, member })));
}

/** The component's name within its cluster, e.g. `member-1/etcd`. */
export function nameOf({ component, member }: MemberComponent): string {
  return `${member.name}/${component}`;
}

/** What is said of a component to users, e.g. `etcd`, or `etcd of member-2` where there are several. */
export function titleOf({ controlPlane }: ClusterSite, { component, member }: MemberComponent): string {
  return controlPlane.members.length === 1 ? component : `${component} of ${member.name}`;
}

/** Where a component's process id is kept. */
function pidFileOf({ component, member }: MemberComponent): string {
  return join(member.directory, "run", `${component}.pid`);
}

/**
 * The pid files below a cluster's folder, by the component's name within it, e.g. `member-1/etcd`; below the folder of
 * all clusters, by the name within that.
 */
export async function pidFilesUnder(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const file of glob("{*,*/*}/run/*.pid", { cwd: folder }))
    files.set(file.replace("/run/", "/").replace(/\.pid$/, ""), join(folder, file));
  return files;
}

/** Where a component's output goes. */
export function logFileOf({ component, member }: MemberComponent): string {
  return join(member.directory, "logs", `${component}.log`);
}

/** How a component of this cluster is run with a distribution's executables. */
export function processSpec(
  site: ClusterSite,
  part: MemberComponent,
  { version, etcdVersion, executables }: Distribution,
): ProcessSpec {
  const build = COMPONENTS[part.component];
  const command = build(part.component === "etcd" ? etcdVersion : version, site.controlPlane, part.member);
  return {
    name: nameOf(part),
    folder: site.folder,
    executable: executables[command.executable],
    args: command.args,
    env: { ...BASE_ENVIRONMENT, HOME: site.folder, ...command.env },
    logFile: logFileOf(part),
    pidFile: pidFileOf(part),
  };
}

/** Components start no programs; a path all the same, for those that look for one. */
const BASE_ENVIRONMENT = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };
