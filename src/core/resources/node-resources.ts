import { addMonths } from "../clusters/billing.ts";
import type { Billing, Disk, NodePoolSpec } from "../clusters/cluster.ts";
import type { ClusterNode, NodePool } from "../nodes/nodes.ts";
import { type PlannedResource, type ResourcePlan, type ResourceReference, refer } from "./resource.ts";

type Pool = Omit<NodePool, "createdAt">;
type Node = Omit<ClusterNode, "createdAt">;

/** What a pool's instances come from: nothing for the members of a dedicated cluster, which are made one by one. */
interface PoolSource {
  group: ResourceReference;
  configuration: ResourceReference;
}

/**
 * Scaling groups with their configurations, one each for a pool of workers, and the instances with their disks.
 * @param securityGroupId the cluster's
 */
export function nodeResources(plan: ResourcePlan, securityGroupId: string): PlannedResource[] {
  return plan.pools.flatMap((pool) => {
    const groups = pool.spec.securityGroupIds.length > 0 ? pool.spec.securityGroupIds : [securityGroupId];
    const source: PoolSource | undefined =
      pool.spec.role === "worker"
        ? {
            group: refer("scaling-group", plan.newId("asg")),
            configuration: refer("scaling-configuration", plan.newId("asc")),
          }
        : undefined;
    const nodes = plan.nodes.filter(({ nodePoolId }) => nodePoolId === pool.id);
    return [
      ...(source ? scalingResources(plan, pool, source, groups) : []),
      ...nodes.flatMap((node) => instanceResources(plan, pool, node, { source, groups })),
    ];
  });
}

function scalingResources(
  plan: ResourcePlan,
  { id, spec }: Pool,
  { group, configuration }: PoolSource,
  groups: readonly string[],
): PlannedResource[] {
  const vswitches = plan.vswitches.filter((vswitch) => spec.vswitchIds.includes(vswitch.id));
  return [
    {
      ...group,
      name: "k8s_nodes",
      nodePoolId: id,
      details: {
        scalingGroupName: spec.name,
        vSwitchIds: spec.vswitchIds,
        multiAZPolicy: spec.vswitchPolicy === "priority" ? "PRIORITY" : "BALANCE",
        desiredCapacity: spec.size,
        ...(spec.autoScaling && { minSize: spec.autoScaling.min, maxSize: spec.autoScaling.max }),
      },
      dependencies: vswitches.map((vswitch) => refer("vswitch", vswitch.id)),
    },
    {
      ...configuration,
      name: "k8s_nodes_config",
      nodePoolId: id,
      details: {
        instanceTypes: spec.instanceTypes,
        systemDisk: diskDetails(spec.systemDisk),
        dataDisks: spec.dataDisks.map(dataDiskDetails),
        ...instanceDetails(spec, plan.at),
      },
      dependencies: [group, ...groups.map((groupId) => refer("security-group", groupId))],
    },
  ];
}

function instanceResources(
  plan: ResourcePlan,
  { id, spec }: Pool,
  node: Node,
  { source, groups }: { source: PoolSource | undefined; groups: readonly string[] },
): PlannedResource[] {
  const instance = refer("instance", node.instanceId);
  const name = plan.nameInstance(spec, node);
  const common = { existing: node.existing, nodePoolId: id };
  const needed = [refer("vswitch", node.vswitchId), ...groups.map((groupId) => refer("security-group", groupId))];
  // An instance that was there is attached to the group, not made from its configuration.
  const origin = source && (node.existing ? [source.group] : [source.group, source.configuration]);
  const disks = [
    { suffix: "system", type: "system", details: diskDetails(spec.systemDisk) },
    ...spec.dataDisks.map((disk, index) => ({
      suffix: `data-${index + 1}`,
      type: "data",
      details: dataDiskDetails(disk),
    })),
  ];
  return [
    {
      ...instance,
      ...common,
      name,
      details: {
        instanceType: node.instanceType,
        privateIpAddress: node.address,
        hostName: node.name,
        vSwitchId: node.vswitchId,
        role: spec.role === "worker" ? "Worker" : "Master",
        ...(node.existing ? {} : instanceDetails(spec, plan.at)),
      },
      dependencies: [...needed, ...(origin ?? [])],
    },
    ...disks.map(
      ({ suffix, type, details }): PlannedResource => ({
        ...refer("disk", plan.newId("d")),
        ...common,
        name: `${name}-${suffix}`,
        details: { type, ...details },
        dependencies: [instance],
      }),
    ),
  ];
}

/** What a pool says of its instances and is neither their type nor their disks; what is not asked for is left out. */
function instanceDetails(spec: NodePoolSpec, at: Date): Record<string, unknown> {
  return {
    ...(spec.imageId && { imageId: spec.imageId }),
    ...(spec.keyPair && { keyPairName: spec.keyPair }),
    ...(spec.deploymentSetId && { deploymentSetId: spec.deploymentSetId }),
    ...(spec.publicAddress && { allocatePublicIP: true }),
    ...(Object.keys(spec.instanceTags).length > 0 && { tags: spec.instanceTags }),
    ...billingDetails(spec.billing, at),
  };
}

/** How it is paid for, and when a subscription ends. */
function billingDetails({ chargeType, months, autoRenew, renewMonths }: Billing, at: Date): Record<string, unknown> {
  if (months === undefined) return { instanceChargeType: chargeType };
  return {
    instanceChargeType: chargeType,
    period: months,
    periodUnit: "Month",
    autoRenew,
    ...(renewMonths !== undefined && { autoRenewPeriod: renewMonths }),
    expiredTime: addMonths(at, months).toISOString(),
  };
}

const diskDetails = ({ category, sizeGiB, performanceLevel, snapshotPolicyId }: Disk): Record<string, unknown> => ({
  category,
  size: sizeGiB,
  ...(performanceLevel && { performanceLevel }),
  ...(snapshotPolicyId && { autoSnapshotPolicyId: snapshotPolicyId }),
});

const dataDiskDetails = (disk: NodePoolSpec["dataDisks"][number]): Record<string, unknown> => ({
  ...diskDetails(disk),
  encrypted: disk.encrypted,
});
