import { ipv4Range, rangesOverlap } from "../../../../cidr.ts";
import { addonCatalogue } from "../../../../core/clouds/alibaba/add-ons.ts";
import { findInstanceType } from "../../../../core/clouds/alibaba/instance-types.ts";
import type { AddonSpec, ClusterSpec } from "../../../../core/clusters/cluster.ts";
import type { NewCluster, WantedSpec } from "../../../../core/clusters/new-cluster.ts";
import { withoutCredentials } from "../../../common/credentials.ts";
import type { AckSettings } from "../../context.ts";
import { toAckClusterId } from "../to-wire.ts";
import type { CreateClusterBody } from "./index.ts";
import { networkPlugin } from "./network-plugin.ts";
import { memberCount, nodeVswitches, toNodePools, toRecord } from "./node-pools-to-core.ts";
import { makesNetwork } from "./rules/network-rules.ts";
import { secretsOf } from "./secrets.ts";

type ClusterKind = ClusterSpec["kind"];

/** What the documents of each kind say of fields that are left out. */
const defaultsOf: Readonly<Record<ClusterKind, KindDefaults>> = {
  managed: { nodeCidrMask: 25, snat: false, enterpriseSecurityGroup: false, disableRollback: false },
  dedicated: { nodeCidrMask: 26, snat: true, enterpriseSecurityGroup: true, disableRollback: true },
};

interface KindDefaults {
  nodeCidrMask: number;
  snat: boolean;
  enterpriseSecurityGroup: boolean;
  disableRollback: boolean;
}

/** What the documents of both kinds say of them. */
const defaults = {
  clusterDomain: "cluster.local",
  /** Service-account tokens of ACK clusters are issued and accepted under this name. */
  issuer: "https://kubernetes.default.svc",
  proxyMode: "ipvs",
  loadBalancerSpec: "slb.s2.small",
  timeoutMinutes: 60,
  /** Of a cluster whose VPC is made: the documents' range. */
  serviceCidr: "172.19.0.0/20",
};

/** The audience that the vendor's token service (STS) accepts from service accounts with a RAM role. */
const stsAudience = "sts.aliyuncs.com";

/**
 * What a request means in the core's words. Empty texts and zeros mean "not set", since an old client sends every field.
 * @param body the request after validation
 * @param sent the request as it was sent
 */
export function toNewCluster(
  accountId: string,
  body: CreateClusterBody,
  sent: Record<string, unknown>,
  { disableRollbackMeaning, inventory }: Pick<AckSettings, "disableRollbackMeaning" | "inventory">,
): NewCluster {
  const kind = body.cluster_type === "Kubernetes" ? "dedicated" : "managed";
  const version = body.kubernetes_version || undefined;
  return {
    accountId,
    projectId: null,
    sees: "account",
    dialect: "ack",
    spellId: toAckClusterId,
    podRange: makesNetwork(body) ? "choose" : "refuse",
    name: body.name,
    region: body.region_id,
    spec: {
      alias: undefined,
      description: "",
      labels: {},
      annotations: {},
      kind,
      requestedVersion: version,
      kubernetesVersion: version?.replace(/-aliyun\.\d+$/, ""),
      members: kind === "dedicated" ? memberCount(body) : 1,
      memberZones: "any",
      workerKind: "virtual-machine",
      nodeLimit: undefined,
      network: toNetwork(body, kind),
      apiServer: toApiServer(body),
      secretEncryptionKeyId: isPro(body) ? body.encryption_provider_key || undefined : undefined,
      addons: addonCatalogue.effective({
        kind,
        requested: toAddons(body),
        plugin: networkPlugin(body),
        monitoring: monitors(body),
      }),
      cloud: {
        snat: body.snat_entry ?? defaultsOf[kind].snat,
        loadBalancerSpec: body.load_balancer_spec || defaults.loadBalancerSpec,
        // Managed clusters have no masters that a user could log in to.
        publicSsh: kind === "dedicated" && (body.ssh_flags ?? false),
        monitoring: body.cloud_monitor_flags ?? false,
        resourceGroupId: body.resource_group_id || undefined,
      },
      timezone: body.timezone || undefined,
      deletionProtection: body.deletion_protection ?? false,
      tags: toRecord(body.tags),
      creation: {
        timeoutMinutes: body.timeout_mins || defaults.timeoutMinutes,
        rollback: rollsBack(body.disable_rollback ?? defaultsOf[kind].disableRollback, disableRollbackMeaning),
      },
    },
    nodePools: toNodePools(body, (sent.nodepools ?? []) as Record<string, unknown>[]),
    request: withoutCredentials(sent),
    secrets: secretsOf(body),
    remarks: unknownTypes(body),
    inventory,
  };
}

function toNetwork(body: CreateClusterBody, kind: ClusterKind): WantedSpec["network"] {
  const plugin = networkPlugin(body);
  return {
    vpcId: body.vpcid ?? "",
    vswitchIds: nodeVswitches(body),
    madeIn: makesNetwork(body) ? zonesOf(body) : undefined,
    podVswitchIds: plugin === "terway" ? (body.pod_vswitch_ids ?? []) : [],
    plugin,
    highwayVswitchId: undefined,
    podCidr: plugin === "flannel" ? body.container_cidr || undefined : undefined,
    morePodCidrs: [],
    nodeCidrMask: Number(body.node_cidr_mask || defaultsOf[kind].nodeCidrMask),
    serviceCidr: body.service_cidr ?? freeOf(defaults.serviceCidr, body.container_cidr),
    ipv6: undefined,
    proxyMode: body.proxy_mode || defaults.proxyMode,
    clusterDomain: body.cluster_domain || defaults.clusterDomain,
    securityGroupId: body.security_group_id || undefined,
    enterpriseSecurityGroup:
      body.is_enterprise_security_group ?? (defaultsOf[kind].enterpriseSecurityGroup || plugin === "terway"),
  };
}

/** The zones for vSwitches that are made, each once. */
const zonesOf = ({ zone_ids, zone_id }: CreateClusterBody): string[] => [
  ...new Set(zone_ids?.length ? zone_ids : zone_id ? [zone_id] : []),
];

/** A range, unless it overlaps another one. */
const freeOf = (cidr: string, other: string | undefined): string | undefined =>
  other && rangesOverlap(ipv4Range(cidr), ipv4Range(other)) ? undefined : cidr;

function toApiServer(body: CreateClusterBody): NewCluster["spec"]["apiServer"] {
  const rrsa = body.enable_rrsa ?? body.rrsa_config?.enabled ?? false;
  const issuer = body.service_account_issuer || undefined;
  const audiences = body.api_audiences ? listItems(body.api_audiences) : [];
  return {
    extraSans: [...new Set([...listItems(body.custom_san), ...(body.extra_sans ?? [])])],
    serviceAccountIssuer: issuer ?? (rrsa ? undefined : defaults.issuer),
    apiAudiences: audiences.length > 0 ? audiences : [issuer ?? defaults.issuer],
    publicEndpoint: body.endpoint_public_access ?? true,
    rrsa: rrsa ? { audience: stsAudience } : undefined,
    authenticatingProxyCa: undefined,
  };
}

/** Only the Pro tiers of managed clusters encrypt Secrets. */
const isPro = (body: CreateClusterBody): boolean => body.cluster_spec?.startsWith("ack.pro.") ?? false;

const monitors = (body: CreateClusterBody): boolean =>
  Boolean(body.cloud_monitor_flags || body.nodepools?.some((pool) => pool.kubernetes_config?.cms_enabled));

/** The add-ons of a request; newer clients ask for the audit log by a field of its own. */
function toAddons(body: CreateClusterBody): AddonSpec[] {
  const asked = (body.addons ?? []).map(({ name, version, config, disabled }) => ({
    name,
    version: version || undefined,
    config: withoutCredentials(config ?? ""),
    disabled: disabled ?? false,
  }));
  const audit = body.audit_log_config;
  if (!audit?.enabled || asked.some(({ name }) => name === "logtail-ds")) return asked;
  const config = JSON.stringify({ sls_project_name: audit.sls_project_name ?? "" });
  return [...asked, { name: "logtail-ds", version: undefined, config, disabled: false }];
}

const rollsBack = (disableRollback: boolean, meaning: AckSettings["disableRollbackMeaning"]): boolean =>
  meaning === "text" ? disableRollback : !disableRollback;

const listItems = (list: string | undefined): string[] => (list ? list.split(",").map((item) => item.trim()) : []);

/** What the user should know about instance types that are taken for another. */
function unknownTypes(body: CreateClusterBody): string[] {
  const named = [
    body.worker_instance_types,
    body.master_instance_types,
    body.control_plane_config?.instance_types,
    ...(body.nodepools ?? []).map((pool) => pool.scaling_group?.instance_types),
  ];
  return [...new Set(named.flatMap((types) => types ?? []))]
    .filter((type) => !findInstanceType(type))
    .map((type) => `Instance type ${type} is not known; a node of it would have 4 CPUs and 8 GiB of memory.`);
}
