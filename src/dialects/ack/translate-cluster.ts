import type { Cluster, ClusterState } from "../../core/clusters/cluster.ts";
import type { ClusterDescription } from "../../core/clusters/observer.ts";

/** ACK spells a cluster's id `c` and its 32 hexadecimal digits. */
export const toAckClusterId = (id: string): string => `c${id}`;

/** The core's id of an ACK cluster id; undefined for a text that is none. */
export const fromAckClusterId = (id: string): string | undefined => /^c([0-9a-f]{32})$/.exec(id)?.[1];

/** `state` of a cluster, in the words that the vendor's clients wait for. */
const states: Readonly<Record<ClusterState, string>> = {
  creating: "initial",
  running: "running",
  updating: "updating",
  failed: "failed",
  deleting: "deleting",
  "delete-failed": "delete_failed",
};

export const toAckState = (state: ClusterState): string => states[state];

/** What a description needs beyond the cluster itself. */
export interface ClusterFacts extends ClusterDescription {
  /** How many workers it has. */
  size: number;
}

/** A cluster as DescribeClusterDetail and the lists show it. */
export function toAckCluster(cluster: Cluster, facts: ClusterFacts) {
  const { spec, request } = cluster;
  const { network } = spec;
  const sent = (field: string): string => (typeof request[field] === "string" ? (request[field] as string) : "");
  return {
    cluster_id: toAckClusterId(cluster.id),
    name: cluster.name,
    region_id: cluster.region,
    cluster_type: "ManagedKubernetes",
    profile: sent("profile") || "Default",
    cluster_spec: sent("cluster_spec") || "ack.standard",
    state: toAckState(cluster.state),
    size: facts.size,
    resource_group_id: sent("resource_group_id"),
    tags: Object.entries(spec.tags).map(([key, value]) => ({ key, value })),
    deletion_protection: spec.deletionProtection,
    created: cluster.createdAt.toISOString(),
    updated: cluster.updatedAt.toISOString(),
    timezone: spec.timezone ?? "",
    init_version: spec.requestedVersion ?? facts.runningVersion ?? "",
    current_version: facts.runningVersion ?? "",
    next_version: "",
    docker_version: "",
    vpc_id: network.vpcId,
    vswitch_ids: network.vswitchIds,
    vswitch_id: network.vswitchIds.join(","),
    zone_id: "",
    network_mode: "vpc",
    security_group_id: network.securityGroupId ?? "",
    external_loadbalancer_id: "",
    container_cidr: network.podCidr ?? "",
    subnet_cidr: network.podCidr ?? "",
    service_cidr: network.serviceCidr,
    // As it was sent: a client that sees another value plans a new cluster.
    node_cidr_mask: sentScalar(request.node_cidr_mask) ?? String(network.nodeCidrMask),
    proxy_mode: network.proxyMode,
    ip_stack: "ipv4",
    cluster_domain: network.clusterDomain,
    private_zone: false,
    master_url: masterUrl(facts.endpoint),
    extra_sans: spec.apiServer.extraSans,
    meta_data: metaData(cluster, facts),
    parameters: {
      ServiceCIDR: network.serviceCidr,
      ContainerCIDR: network.podCidr ?? "",
      ProxyMode: network.proxyMode,
      NodeNameMode: sent("node_name_mode"),
      TimeoutMins: String(spec.creation.timeoutMinutes),
      RollbackOnFailure: String(spec.creation.rollback),
    },
    maintenance_window: {},
    worker_ram_role_name: "",
  };
}

const sentScalar = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;

/** Clients split the addresses at `:` and `/`, so there is none until it is a whole one. */
function masterUrl(endpoint: string | undefined): string {
  return endpoint ? JSON.stringify({ api_server_endpoint: endpoint, intranet_api_server_endpoint: endpoint }) : "";
}

/** A JSON document in a text; clients read capabilities and the network plug-in from it. */
function metaData(cluster: Cluster, facts: ClusterFacts): string {
  const { network, apiServer, requestedVersion } = cluster.spec;
  return JSON.stringify({
    KubernetesVersion: facts.runningVersion ?? "",
    RequestedKubernetesVersion: requestedVersion ?? "",
    SubClass: "default",
    MultiAZ: network.vswitchIds.length > 1,
    ExtraCertSAN: apiServer.extraSans.length > 0 ? apiServer.extraSans : null,
    Capabilities: {
      PublicSLB: cluster.request.endpoint_public_access !== false,
      NodeCIDRMask: String(network.nodeCidrMask),
    },
    [network.plugin === "terway" ? "terway-eniipVersion" : "kube-flannel-dsVersion"]: "",
    RRSAConfig: { enabled: false },
  });
}
