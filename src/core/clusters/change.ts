import { isDeepStrictEqual } from "node:util";
import { type Core, within } from "../core.ts";
import { checkNetworks } from "../inventory/check-networks.ts";
import { ensureVswitches } from "../inventory/inventory.ts";
import { NetworkConflictError } from "../inventory/network-conflict.ts";
import { ensureSecurityGroups } from "../inventory/security-groups.ts";
import { type MergePatch, merged } from "../merge-patch.ts";
import { changeClusterResources } from "../resources/resources.ts";
import { addTask } from "../tasks/tasks.ts";
import type { Cluster, ClusterSpec } from "./cluster.ts";
import { lockedCluster, writeClusterSpec } from "./clusters.ts";

/** Minutes that a change may take. */
const timeoutMinutes = 10;

/** What is to be otherwise of a cluster. */
export interface ClusterChange {
  name?: string | undefined;
  /** Of its networks, what is added must overlap nothing that is in use in the VPC. */
  spec?: MergePatch<ClusterSpec> | undefined;
  /** Puts what only is kept of this change into the request as it is kept. */
  request?: ((current: Record<string, unknown>) => Record<string, unknown>) | undefined;
}

/**
 * Changes a cluster. What is new of its networks is checked against the inventory and registered, as when it was made.
 * @param wish what is to be changed. Where that depends on what the cluster is, or may be refused because of it, a function
 * decides: it is given the cluster as nobody else changes it any more, and throws to refuse
 * @param inventory as in the creation of a cluster
 * @returns the id of the task; undefined where the cluster has gone meanwhile
 * @throws {NetworkConflictError} where its networks cannot be as they were asked for; nothing is changed
 * @throws {NoRoomError} where its VPC has no room for another vSwitch; nothing is changed
 */
export async function changeCluster(
  core: Core,
  { id, accountId }: Pick<Cluster, "id" | "accountId">,
  wish: ClusterChange | ((current: Cluster) => ClusterChange),
  inventory: "implicit" | "strict" = "implicit",
): Promise<string | undefined> {
  return core.db.transaction(async (tx) => {
    const inside = within(core, tx);
    const cluster = await lockedCluster(inside, accountId, id);
    if (!cluster) return undefined;
    const { name, spec = {}, request } = typeof wish === "function" ? wish(cluster) : wish;
    const changed = {
      ...cluster,
      name: name ?? cluster.name,
      request: request?.(cluster.request) ?? cluster.request,
      spec: merged(cluster.spec, spec),
    };
    if (concernsResources(cluster.spec, changed.spec)) await changeNetwork(inside, { cluster, changed, inventory });
    await writeClusterSpec(inside, changed);
    const input = { name, spec };
    return addTask(inside, changed, { kind: "cluster-change", rollback: false, timeoutMinutes, input });
  });
}

/** What of a cluster its resources are made from, and its networks are checked by. */
const resourceFacts = ({ network, apiServer: { publicEndpoint }, cloud }: ClusterSpec) => ({
  network,
  publicEndpoint,
  cloud,
});

const concernsResources = (before: ClusterSpec, after: ClusterSpec): boolean =>
  !isDeepStrictEqual(resourceFacts(before), resourceFacts(after));

/** Checks and registers what is new of a cluster's networks, and writes what that means for its resources. */
async function changeNetwork(
  core: Core,
  { cluster, changed, inventory }: { cluster: Cluster; changed: Cluster; inventory: "implicit" | "strict" },
): Promise<void> {
  const { accountId, region } = cluster;
  const [before, after] = [cluster.spec.network, changed.spec.network];
  const { vpcId, securityGroupId } = after;
  const vswitchIds = after.podVswitchIds.filter((id) => !before.podVswitchIds.includes(id));
  const securityGroupIds = securityGroupId && securityGroupId !== before.securityGroupId ? [securityGroupId] : [];
  const { conflicts } = await checkNetworks(core, {
    ...{ accountId, vpcId, vswitchIds, securityGroupIds, policy: inventory },
    ...{ podCidr: undefined, serviceCidr: undefined, usualServices: false },
    visible: { projectId: cluster.projectId },
    morePodCidrs: after.morePodCidrs.filter((cidr) => !before.morePodCidrs.includes(cidr)),
  });
  if (conflicts.length > 0) throw new NetworkConflictError(conflicts);
  const addedVswitches = await ensureVswitches(core, { accountId, region, vpcId, vswitchIds, avoid: [] });
  await ensureSecurityGroups(core, { accountId, vpcId, ids: securityGroupIds });
  await changeClusterResources(core, { cluster: changed, dialect: changed.dialect, addedVswitches });
}
