import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ApiEndpoints } from "../../../cluster-access.ts";
import type { HealthAddresses } from "../../../kubernetes/components/health.ts";
import { type ControlPlane, type ControlPlaneMember, memberPorts } from "../../../kubernetes/control-plane.ts";
import { makeFolder } from "../../../machine/files.ts";
import type { ClusterPlan, ClusterRecord } from "../../substrate.ts";
import { intranetAddress, type LoopbackNetwork, memberAddress, publicAddress } from "../network/loopback.ts";
import { readLocalState } from "../state.ts";

/** Members are called `member-1` and so on, and so are their folders. */
const memberPrefix = "member-";

/** A cluster's place on this machine: its folder, its loopback network, and its control plane with both filled in. */
export interface ClusterSite {
  /** 32 hexadecimal digits. */
  id: string;
  /** Absolute path of the cluster's folder. */
  folder: string;
  network: LoopbackNetwork;
  controlPlane: ControlPlane;
  /** Whether clients outside reach it, at the control plane's public address. */
  hasPublicEndpoint: boolean;
}

/** Folder of all clusters of one SAMPAN_HOME. */
export function clustersFolder(home: string): string {
  return join(home, "clusters");
}

/** Folder of one cluster. */
export function clusterFolder(home: string, id: string): string {
  return join(clustersFolder(home), id);
}

/** Folders of the members that were made, whatever the plan says; none where the cluster has no folder. */
export async function memberFolders(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter((name) => name.startsWith(memberPrefix)).map((name) => join(folder, name));
}

/** Makes the cluster's folder, for its owner's eyes only, and returns its path. */
export async function ensureClusterFolder(home: string, id: string): Promise<string> {
  const folder = clusterFolder(home, id);
  await makeFolder(folder, 0o700);
  return folder;
}

/**
 * The cluster's place. It has a public endpoint where one is noted down as open: what the plan says is a wish until a
 * change has come to it.
 * @throws {Error} before it has a network
 */
export function requireSite(
  home: string,
  cluster: ClusterRecord,
  publicEndpoint = readLocalState(cluster).publicEndpoint,
): ClusterSite {
  const { plan } = cluster;
  const { network } = readLocalState(cluster);
  if (network === undefined)
    throw new Error(
      `Cluster ${plan.name} has no addresses on this machine: it is being made or removed, or its creation failed.`,
    );
  return clusterSite(home, { ...plan, apiServer: { ...plan.apiServer, publicEndpoint } }, network);
}

/** Works out where everything of a cluster is. */
export function clusterSite(home: string, plan: ClusterPlan, network: LoopbackNetwork): ClusterSite {
  const folder = clusterFolder(home, plan.id);
  const intranet = intranetAddress(network);
  const members = Array.from({ length: plan.members }, (_, index): ControlPlaneMember => {
    const name = `${memberPrefix}${index + 1}`;
    return {
      name,
      ...memberAddresses(network, plan.members, index),
      vpcAddress: vpcAddressOf(plan, index),
      directory: join(folder, name),
    };
  });
  const { podCidr, nodeCidrMask, serviceCidr, ipv6, clusterDomain } = plan.network;
  return {
    id: plan.id,
    folder,
    network,
    hasPublicEndpoint: plan.apiServer.publicEndpoint,
    controlPlane: {
      id: plan.id,
      endpointAddress: intranet,
      publicAddress: publicAddress(network),
      members,
      network: { podCidr, nodeCidrMask, serviceCidr, ipv6, clusterDomain },
      apiServer: plan.apiServer,
      secretEncryption: plan.secretEncryption,
      timezone: plan.timezone,
    },
  };
}

/** Where a member's components listen; members are counted from 0. */
export function memberAddresses(network: LoopbackNetwork, count: number, index: number): HealthAddresses {
  const address = memberAddress(network, index);
  // A single member listens at the inner endpoint itself; several have a forwarder there.
  return { address, apiServerAddress: count === 1 ? intranetAddress(network) : address };
}

function vpcAddressOf({ members, network }: ClusterPlan, index: number): string {
  const address = network.memberAddresses[index];
  if (address === undefined)
    throw new Error(
      `The cluster has ${members} members, but only ${network.memberAddresses.length} VPC addresses for them.`,
    );
  return address;
}

/** Where clients reach the API server of the cluster that lives in this network. */
export function apiEndpoints(network: LoopbackNetwork, hasPublicEndpoint: boolean): ApiEndpoints {
  const url = (address: string) => `https://${address}:${memberPorts.apiServer}`;
  return {
    public: hasPublicEndpoint ? url(publicAddress(network)) : undefined,
    intranet: url(intranetAddress(network)),
  };
}

/** Where clients reach the cluster's API server. */
export function endpointsOf({ network, hasPublicEndpoint }: ClusterSite): ApiEndpoints {
  return apiEndpoints(network, hasPublicEndpoint);
}
