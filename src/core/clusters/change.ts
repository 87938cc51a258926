import { type Core, within } from "../core.ts";
import { checkNetworks } from "../inventory/check-networks.ts";
import { ensureVswitches } from "../inventory/inventory.ts";
import { NetworkConflictError } from "../inventory/network-conflict.ts";
import { ensureSecurityGroups } from "../inventory/security-groups.ts";
import { changeClusterResources } from "../resources/resources.ts";
import { addTask } from "../tasks/tasks.ts";
import type { Cluster, ClusterSpec } from "./cluster.ts";
import { lockedCluster, writeClusterSpec } from "./clusters.ts";

/** Minutes that a change may take. */
const timeoutMinutes = 10;

/** What of a cluster can be changed. A member that is left out or undefined stays as it is; one that is given replaces it. */
export interface ClusterChange {
  name?: string | undefined;
  alias?: string | undefined;
  description?: string | undefined;
  deletionProtection?: boolean | undefined;
  /** Further names and addresses for the serving certificate: all of them. */
  extraSans?: string[] | undefined;
  /** Further Pod ranges: all of them. Those that are new must overlap nothing that is in use in the VPC. */
  morePodCidrs?: string[] | undefined;
  /** vSwitches of the pods: all of them. */
  podVswitchIds?: string[] | undefined;
  securityGroupId?: string | undefined;
  /** Whether the API server is reachable at a public address, too. */
  publicEndpoint?: boolean | undefined;
  /** The public address that is to be used; null lets the service make one where it needs it. */
  eipId?: string | null | undefined;
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
    const change = typeof wish === "function" ? wish(cluster) : wish;
    const changed = {
      ...cluster,
      name: change.name ?? cluster.name,
      request: change.request?.(cluster.request) ?? cluster.request,
      spec: changedSpec(cluster.spec, change),
    };
    if (concernsResources(change)) await changeNetwork(inside, { cluster, changed, inventory });
    await writeClusterSpec(inside, changed);
    return addTask(inside, {
      accountId,
      projectId: cluster.projectId,
      clusterId: id,
      clusterName: changed.name,
      placement: cluster.placement,
      kind: "cluster-change",
      rollback: false,
      timeoutMinutes,
    });
  });
}

function changedSpec(spec: ClusterSpec, change: ClusterChange): ClusterSpec {
  const { network, apiServer, cloud } = spec;
  return {
    ...spec,
    alias: change.alias ?? spec.alias,
    description: change.description ?? spec.description,
    deletionProtection: change.deletionProtection ?? spec.deletionProtection,
    network: {
      ...network,
      morePodCidrs: change.morePodCidrs ?? network.morePodCidrs,
      podVswitchIds: change.podVswitchIds ?? network.podVswitchIds,
      securityGroupId: change.securityGroupId ?? network.securityGroupId,
    },
    apiServer: {
      ...apiServer,
      extraSans: change.extraSans ?? apiServer.extraSans,
      publicEndpoint: change.publicEndpoint ?? apiServer.publicEndpoint,
    },
    cloud: { ...cloud, eipId: change.eipId === undefined ? cloud.eipId : (change.eipId ?? undefined) },
  };
}

const concernsResources = (change: ClusterChange): boolean =>
  [change.morePodCidrs, change.podVswitchIds, change.securityGroupId, change.publicEndpoint, change.eipId].some(
    (member) => member !== undefined,
  );

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
