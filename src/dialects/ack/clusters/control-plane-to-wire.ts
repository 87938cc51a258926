import type { ClusterDescription } from "../../../cluster-access.ts";
import type { Cluster, NodePoolSpec } from "../../../core/clusters/cluster.ts";
import { keptValues } from "../../common/parameters/kept-values.ts";
import { createClusterParameters } from "./create/table/table.ts";
import { ownRequest } from "./own-request.ts";

/** The ports of NodePort Services that Kubernetes has by itself; no others are configured here. */
const usualNodePorts = "30000-32767";

/**
 * `control_plane_config` of a dedicated cluster: the masters as they are, and over that what newer clients asked for.
 * @param masters the pool of the cluster's members
 */
export function toControlPlaneConfig(cluster: Cluster, masters: NodePoolSpec) {
  const { control_plane_config, node_port_range } = ownRequest(cluster);
  const { login_password: _, ...asked } = keptValues(
    createClusterParameters.control_plane_config.members,
    control_plane_config,
  );
  const { systemDisk, billing } = masters;
  return {
    size: cluster.spec.members,
    instance_types: masters.instanceTypes,
    image_id: masters.imageId ?? "",
    image_type: masters.platform,
    runtime: masters.runtime.name,
    key_pair: masters.keyPair ?? "",
    cpu_policy: masters.cpuPolicy,
    cloud_monitor_flags: masters.monitoring,
    deploymentset_id: masters.deploymentSetId ?? "",
    node_port_range: node_port_range || usualNodePorts,
    charge_type: billing.chargeType,
    auto_renew: billing.autoRenew,
    ...(billing.months !== undefined && {
      period: billing.months,
      period_unit: "Month",
      auto_renew_period: billing.renewMonths,
    }),
    system_disk_category: systemDisk.category,
    system_disk_size: systemDisk.sizeGiB,
    system_disk_performance_level: systemDisk.performanceLevel,
    system_disk_snapshot_policy_id: systemDisk.snapshotPolicyId,
    system_disk_bursting_enabled: false,
    security_hardening_os: false,
    soc_enabled: false,
    ...asked,
  };
}

/** `control_plane_endpoints_config`: the load balancer at the inner endpoint, and what was asked for over that. */
export function toEndpointsConfig(
  cluster: Cluster,
  { endpoints, loadBalancerId }: { endpoints: ClusterDescription["endpoints"]; loadBalancerId?: string | null },
) {
  const { control_plane_endpoints_config: asked } = keptValues(createClusterParameters, {
    control_plane_endpoints_config: ownRequest(cluster).control_plane_endpoints_config,
  });
  return {
    // Nodes reach the API server by its address: no name is made for it.
    internal_dns_config: { enabled: false, bind_vpcs: [] },
    load_balancers_config:
      endpoints && loadBalancerId
        ? [
            {
              endpoint: new URL(endpoints.intranet).hostname,
              endpoint_type: "private",
              load_balancer_id: loadBalancerId,
            },
          ]
        : [],
    ...asked,
  };
}
