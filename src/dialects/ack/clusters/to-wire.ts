import type { ClusterDescription } from "../../../cluster-access.ts";
import { addonCatalogue } from "../../../core/clouds/alibaba/add-ons.ts";
import { auditAddons, logProjectOf } from "../../../core/clouds/alibaba/log-projects.ts";
import type { Cluster, ClusterSpec, ClusterState, NodePoolSpec } from "../../../core/clusters/cluster.ts";
import type { MainResources } from "../../../core/resources/main-resources.ts";
import { keptValues } from "../../common/parameters/kept-values.ts";
import { toAckVersionName } from "../versions/to-wire.ts";
import { toControlPlaneConfig, toEndpointsConfig } from "./control-plane-to-wire.ts";
import { createClusterParameters } from "./create/table/table.ts";
import { ownRequest } from "./own-request.ts";
import { toAckParameters } from "./parameters-to-wire.ts";

/** ACK spells a cluster's id `c` and its 32 hexadecimal digits. */
export const toAckClusterId = (id: string): string => `c${id}`;

/** The core's id of an ACK cluster id; undefined for a text that is none. */
export const fromAckClusterId = (id: string): string | undefined => /^c([0-9a-f]{32})$/.exec(id)?.[1];

/** `state` of a cluster, in the words that the vendor's clients wait for. */
const states: Readonly<Record<ClusterState, string>> = {
  creating: "initial",
  running: "running",
  changing: "updating",
  failed: "failed",
  removing: "deleting",
  "remove-failed": "delete_failed",
};

/** `cluster_type` by the core's word. */
const clusterTypes: Readonly<Record<ClusterSpec["kind"], string>> = {
  managed: "ManagedKubernetes",
  dedicated: "Kubernetes",
};

/** The core's word for a `cluster_type`; undefined where no cluster can be of it. */
export const fromAckClusterType = (type: string): ClusterSpec["kind"] | undefined =>
  (Object.keys(clusterTypes) as ClusterSpec["kind"][]).find((kind) => clusterTypes[kind] === type);

export const toAckState = (state: ClusterState): string => states[state];

/** What a description needs beyond the cluster itself. */
export interface ClusterFacts extends ClusterDescription, Partial<MainResources> {
  /** How many nodes it has, masters included. */
  size: number;
  /** The members of a dedicated cluster; undefined leaves out what is said of them, as the lists do. */
  masters?: NodePoolSpec | undefined;
}

/** A cluster as DescribeClusterDetail and the lists show it. */
export function toAckCluster(cluster: Cluster, facts: ClusterFacts) {
  const { spec } = cluster;
  const request = ownRequest(cluster);
  const { network } = spec;
  const sent = (field: string): string => (typeof request[field] === "string" ? (request[field] as string) : "");
  return {
    cluster_id: toAckClusterId(cluster.id),
    name: cluster.name,
    region_id: cluster.region,
    cluster_type: clusterTypes[spec.kind],
    profile: sent("profile") || "Default",
    cluster_spec: sent("cluster_spec") || "ack.standard",
    state: toAckState(cluster.state),
    size: facts.size,
    resource_group_id: spec.cloud.resourceGroupId ?? "",
    tags: Object.entries(spec.tags).map(([key, value]) => ({ key, value })),
    deletion_protection: spec.deletionProtection,
    created: cluster.createdAt.toISOString(),
    updated: cluster.updatedAt.toISOString(),
    timezone: spec.timezone ?? "",
    init_version: initialVersion(cluster) ?? currentVersion(cluster, facts),
    current_version: currentVersion(cluster, facts),
    // No cluster can be upgraded yet.
    next_version: "",
    docker_version: dockerVersion(cluster),
    vpc_id: network.vpcId,
    vswitch_ids: network.vswitchIds,
    vswitch_id: network.vswitchIds.join(","),
    zone_id: spec.memberZones[0] ?? "",
    network_mode: "vpc",
    security_group_id: facts.securityGroupId ?? network.securityGroupId ?? "",
    external_loadbalancer_id: facts.loadBalancerId ?? "",
    container_cidr: network.podCidr ?? "",
    subnet_cidr: network.podCidr ?? "",
    service_cidr: network.serviceCidr,
    // As it was sent: a client that sees another value plans a new cluster.
    node_cidr_mask: sentScalar(request.node_cidr_mask) ?? String(network.nodeCidrMask),
    proxy_mode: network.proxyMode,
    ip_stack: network.ipv6 ? "dual" : "ipv4",
    cluster_domain: network.clusterDomain,
    private_zone: false,
    master_url: masterUrl(facts.endpoints),
    extra_sans: spec.apiServer.extraSans,
    os_type: sent("os_type") || "Linux",
    enable_rrsa: spec.apiServer.rrsa !== undefined,
    rrsa_config: rrsaConfig(cluster),
    ...(facts.masters && { control_plane_config: toControlPlaneConfig(cluster, facts.masters) }),
    control_plane_endpoints_config: toEndpointsConfig(cluster, facts),
    meta_data: metaData(cluster, facts),
    parameters: toAckParameters(cluster),
    ...policies(cluster),
    // Nodes have no role of RAM here.
    worker_ram_role_name: "",
  };
}

/** Another vendor's versions have another form, of which the Kubernetes part is shown. */
const initialVersion = ({ dialect, spec }: Cluster): string | undefined =>
  dialect === "ack" ? spec.requestedVersion : spec.kubernetesVersion;

/** What runs, as the vendor writes versions; empty before it is decided. */
const currentVersion = ({ spec }: Cluster, { runningVersion }: ClusterDescription): string =>
  runningVersion ? toAckVersionName(runningVersion, spec.requestedVersion) : "";

const sentScalar = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;

/** Clients split the addresses at `:` and `/`, so there is none until it is a whole one. */
function masterUrl(endpoints: ClusterDescription["endpoints"]): string {
  if (!endpoints) return "";
  return JSON.stringify({
    api_server_endpoint: endpoints.public ?? "",
    intranet_api_server_endpoint: endpoints.intranet,
  });
}

/** Where RAM finds the keys of the cluster's service-account tokens, and what it expects in them. */
function rrsaConfig({ id, spec }: Cluster) {
  const { rrsa } = spec.apiServer;
  if (!rrsa) return { enabled: false };
  return {
    enabled: true,
    issuer: rrsa.issuer,
    audience: rrsa.audience,
    jwks_url: `${rrsa.issuer}/keys`,
    open_api_configuration_url: `${rrsa.issuer}/.well-known/openid-configuration`,
    oidc_name: `ack-rrsa-${toAckClusterId(id)}`,
    oidc_arn: `acs:ram::oidc-provider/ack-rrsa-${toAckClusterId(id)}`,
    max_oidc_token_expiration: "12h",
  };
}

/** What the platform may do by itself: nothing of it is done here, so that it is on only where it was asked for. */
function policies(cluster: Cluster) {
  const { maintenance_window, operation_policy, auto_mode } = ownRequest(cluster);
  const asked = keptValues(createClusterParameters, { maintenance_window, operation_policy, auto_mode });
  return {
    maintenance_window: { enable: false, ...asked.maintenance_window },
    operation_policy: {
      ...asked.operation_policy,
      cluster_auto_upgrade: { enabled: false, ...asked.operation_policy?.cluster_auto_upgrade },
    },
    // Terraform would plan a new cluster for one that did not ask for it, whatever its value.
    ...(asked.auto_mode !== undefined && { auto_mode: asked.auto_mode }),
  };
}

/** The network add-on as clients look for it: `Flannel`, or Terway's own name. Another vendor's network stands for itself. */
function networkName({ spec }: Cluster): string {
  if (spec.network.plugin === "flannel") return "Flannel";
  const terway = spec.addons.find(({ name }) => addonCatalogue.find(name)?.plugin === "terway");
  return terway?.name ?? spec.network.plugin;
}

/** The container runtime that was asked for, or the usual one. */
function runtimeOf(cluster: Cluster): { name: string; version: string } {
  const { runtime = {} } = ownRequest(cluster) as { runtime?: { name?: string; version?: string } | null };
  const { members } = createClusterParameters.runtime;
  return {
    name: runtime?.name || String(members.name.default),
    version: runtime?.version || String(members.version.default),
  };
}

/** Of the container runtime, where that is Docker. */
function dockerVersion(cluster: Cluster): string {
  const { name, version } = runtimeOf(cluster);
  return name === "docker" ? version : "";
}

/** The log project of the audit log; empty where there is none. */
function auditProject({ id, spec }: Cluster): string {
  const addon = spec.addons.find(({ name, disabled }) => auditAddons.includes(name) && !disabled);
  return addon ? logProjectOf(id, addon) : "";
}

/** A JSON document in a text; clients read capabilities and the network plug-in from it. */
function metaData(cluster: Cluster, facts: ClusterFacts): string {
  const { network, apiServer } = cluster.spec;
  const runtime = runtimeOf(cluster);
  return JSON.stringify({
    KubernetesVersion: currentVersion(cluster, facts),
    RunningKubernetesVersion: facts.runningVersion ?? "",
    Runtime: runtime.name,
    RuntimeVersion: runtime.version,
    AuditProjectName: auditProject(cluster),
    RequestedKubernetesVersion: initialVersion(cluster) ?? "",
    SubClass: "default",
    MultiAZ: network.vswitchIds.length > 1,
    ExtraCertSAN: apiServer.extraSans.length > 0 ? apiServer.extraSans : null,
    Capabilities: {
      Network: networkName(cluster),
      PublicSLB: apiServer.publicEndpoint,
      NodeCIDRMask: String(network.nodeCidrMask),
    },
    [network.podVswitchIds.length > 0 ? "terway-eniipVersion" : "kube-flannel-dsVersion"]: "",
    EncryptionKMSKeyId: cluster.spec.secretEncryptionKeyId ?? "",
    DisableEncryption: cluster.spec.secretEncryptionKeyId === undefined,
    RRSAConfig: rrsaConfig(cluster),
    Addons: cluster.spec.addons.map(({ name, version, config, disabled }) => ({ name, version, config, disabled })),
  });
}
