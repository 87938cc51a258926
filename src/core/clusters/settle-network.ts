import type { Core } from "../core.ts";
import type { ClusterEvent } from "../events/events.ts";
import { checkNetworks } from "../inventory/check-networks.ts";
import { chooseRanges } from "../inventory/choose-ranges.ts";
import { ensureVswitches, type Vswitch } from "../inventory/inventory.ts";
import { NetworkConflictError } from "../inventory/network-conflict.ts";
import { ensureSecurityGroups } from "../inventory/security-groups.ts";
import type { Visibility } from "../inventory/used-ranges.ts";
import type { ClusterNetwork, NodePoolSpec } from "./cluster.ts";
import type { NewCluster } from "./new-cluster.ts";

/** The networks of a new cluster with nothing left open, all of them registered. */
export interface SettledNetwork {
  network: ClusterNetwork;
  /** Those of the cluster, its nodes and its pods. */
  vswitches: Vswitch[];
  /** What the user should know about them. */
  notices: Pick<ClusterEvent, "level" | "reason" | "message">[];
}

/**
 * Chooses the ranges that a new cluster leaves open, checks its networks against the inventory and registers those that are
 * not known. Within a transaction, creations in one VPC wait for each other.
 * @throws {NetworkConflictError} where they cannot be as they were asked for
 * @throws {NoRoomError} where a VPC has no room for them
 */
export async function settleNetwork(core: Core, wanted: NewCluster): Promise<SettledNetwork> {
  const { accountId, region, podRange, nodePools } = wanted;
  const asked = wanted.spec.network;
  const { notice, ...ranges } = await chooseRanges(core, {
    ...asked,
    accountId,
    podRange,
    visible: visibilityOf(wanted),
  });
  const network = { ...asked, ...ranges };
  const warnings = await checkNetwork(core, wanted, network);
  const { vpcId, podCidr, morePodCidrs, serviceCidr } = network;
  const avoid = [serviceCidr, ...(podCidr ? [podCidr] : []), ...morePodCidrs];
  const vswitchIds = vswitchesOf(network, nodePools);
  const vswitches = await ensureVswitches(core, {
    ...{ accountId, region, vpcId, vswitchIds, avoid },
    zones: zonesOfMade(network),
  });
  await ensureSecurityGroups(core, { accountId, vpcId, ids: securityGroupsOf(network, nodePools) });
  const overlaps = warnings.map((message) => ({ level: "warning" as const, reason: "NetworkOverlaps", message }));
  return { network, vswitches, notices: [...(notice ? [{ ...notice, reason: "PodRangeChosen" }] : []), ...overlaps] };
}

const visibilityOf = ({ sees, projectId }: NewCluster): Visibility => (sees === "account" ? sees : { projectId });

/** @returns what the user should know about the network */
async function checkNetwork(core: Core, wanted: NewCluster, network: ClusterNetwork): Promise<string[]> {
  const { accountId, spec, nodePools, inventory } = wanted;
  const { conflicts, warnings } = await checkNetworks(core, {
    ...network,
    accountId,
    usualServices: spec.network.serviceCidr === undefined,
    vswitchIds: vswitchesOf(network, nodePools),
    securityGroupIds: securityGroupsOf(network, nodePools),
    visible: visibilityOf(wanted),
    policy: inventory,
  });
  if (conflicts.length > 0) throw new NetworkConflictError(conflicts);
  return warnings;
}

/** The vSwitches of the cluster, its pools and its pods, each once, the cluster's first one first. */
function vswitchesOf(network: ClusterNetwork, nodePools: readonly NodePoolSpec[]): string[] {
  const { vswitchIds, podVswitchIds, highwayVswitchId } = network;
  const ofNodes = nodePools.flatMap((pool) => pool.vswitchIds);
  return [...new Set([...vswitchIds, ...ofNodes, ...podVswitchIds, ...(highwayVswitchId ? [highwayVswitchId] : [])])];
}

/** The zone of each vSwitch that is made for the cluster. */
const zonesOfMade = ({ madeIn = [], vswitchIds }: ClusterNetwork): ReadonlyMap<string, string> =>
  new Map(madeIn.map((zone, index) => [vswitchIds[index] ?? "", zone]));

/** The security groups that the cluster and its pools name. */
function securityGroupsOf({ securityGroupId }: ClusterNetwork, nodePools: readonly NodePoolSpec[]): string[] {
  return [...(securityGroupId ? [securityGroupId] : []), ...nodePools.flatMap((pool) => pool.securityGroupIds)];
}
