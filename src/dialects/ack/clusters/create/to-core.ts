import { ipv4Range, rangesOverlap } from "../../../../cidr.ts";
import { addonCatalogue } from "../../../../core/clouds/alibaba/add-ons.ts";
import type { AddonSpec } from "../../../../core/clusters/cluster.ts";
import type { NewCluster, WantedSpec } from "../../../../core/clusters/new-cluster.ts";
import type { CheckedBody } from "../../../common/checked-body.ts";
import { withoutCredentials } from "../../../common/credentials.ts";
import type { AckSettings } from "../../context.ts";
import { toAckClusterId } from "../to-wire.ts";
import type { Kind } from "./kind.ts";
import { networkPlugin } from "./network-plugin.ts";
import { nodeVswitches, toNodePools, toRecord } from "./node-pools-to-core.ts";
import { makesNetwork } from "./rules/network-rules.ts";
import { secretsOf } from "./secrets.ts";
import type { CreateClusterBody, createClusterParameters, GivenBody } from "./table/table.ts";
import { commaItems } from "./value-rules.ts";

/** A body of CreateCluster that has passed its check. */
export type CheckedCluster = CheckedBody<typeof createClusterParameters, Kind>;

/** The Service range of a cluster whose VPC is made, as the documents have it. */
const usualServiceRange = "172.19.0.0/20";

/** The audience that the vendor's token service (STS) accepts from service accounts with a RAM role. */
const stsAudience = "sts.aliyuncs.com";

/** What a request means in the core's words. */
export function toNewCluster(
  accountId: string,
  { body, given, kind, sent, remarks }: CheckedCluster,
  { disableRollbackMeaning, inventory }: Pick<AckSettings, "disableRollbackMeaning" | "inventory">,
): NewCluster {
  const version = body.kubernetes_version;
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
      members: kind === "dedicated" ? body.master_count : 1,
      memberZones: "any",
      workerKind: "virtual-machine",
      nodeLimit: undefined,
      network: toNetwork(body, given),
      apiServer: toApiServer(body, given),
      secretEncryptionKeyId: isPro(body) ? body.encryption_provider_key : undefined,
      addons: addonCatalogue.effective({
        kind,
        requested: toAddons(body),
        plugin: networkPlugin(body),
        monitoring: monitors(body),
      }),
      cloud: {
        snat: body.snat_entry,
        loadBalancerSpec: body.load_balancer_spec,
        // Managed clusters have no masters that a user could log in to.
        publicSsh: kind === "dedicated" && body.ssh_flags,
        monitoring: body.cloud_monitor_flags,
        resourceGroupId: body.resource_group_id,
      },
      timezone: body.timezone,
      deletionProtection: body.deletion_protection,
      tags: toRecord(body.tags),
      creation: {
        timeoutMinutes: body.timeout_mins,
        rollback: rollsBack(body.disable_rollback, disableRollbackMeaning),
      },
    },
    nodePools: toNodePools(body, given, (sent.nodepools ?? []) as Record<string, unknown>[]),
    request: withoutCredentials(sent),
    secrets: secretsOf(body),
    remarks,
    inventory,
  };
}

function toNetwork(body: CreateClusterBody, given: GivenBody): WantedSpec["network"] {
  const plugin = networkPlugin(body);
  return {
    vpcId: body.vpcid ?? "",
    vswitchIds: nodeVswitches(body),
    madeIn: makesNetwork(body) ? [...new Set(body.zone_ids)] : undefined,
    podVswitchIds: plugin === "terway" ? (body.pod_vswitch_ids ?? []) : [],
    plugin,
    highwayVswitchId: undefined,
    podCidr: plugin === "flannel" ? body.container_cidr : undefined,
    morePodCidrs: [],
    nodeCidrMask: Number(body.node_cidr_mask),
    serviceCidr: body.service_cidr ?? freeOf(usualServiceRange, body.container_cidr),
    ipv6: undefined,
    proxyMode: body.proxy_mode,
    clusterDomain: body.cluster_domain,
    securityGroupId: body.security_group_id,
    // With Terway it is the usual kind, whatever the documents' default is.
    enterpriseSecurityGroup:
      given.is_enterprise_security_group ?? (body.is_enterprise_security_group || plugin === "terway"),
  };
}

/** A range, unless it overlaps another one. */
const freeOf = (cidr: string, other: string | undefined): string | undefined =>
  other && rangesOverlap(ipv4Range(cidr), ipv4Range(other)) ? undefined : cidr;

function toApiServer(body: CreateClusterBody, given: GivenBody): NewCluster["spec"]["apiServer"] {
  const issuer = body.service_account_issuer;
  return {
    extraSans: [...new Set(listItems(body.custom_san))],
    // With RAM roles the issuer is the service itself, unless another one is asked for.
    serviceAccountIssuer: body.enable_rrsa ? given.service_account_issuer : issuer,
    apiAudiences: body.api_audiences ? listItems(body.api_audiences) : [issuer],
    publicEndpoint: body.endpoint_public_access,
    rrsa: body.enable_rrsa ? { audience: stsAudience } : undefined,
    authenticatingProxyCa: undefined,
  };
}

/** Only the Pro tiers of managed clusters encrypt Secrets. */
const isPro = (body: CreateClusterBody): boolean => body.cluster_spec.startsWith("ack.pro.");

const monitors = (body: CreateClusterBody): boolean =>
  Boolean(body.cloud_monitor_flags || body.nodepools?.some((pool) => pool.kubernetes_config.cms_enabled));

/** The add-ons of a request; newer clients ask for the audit log by a field of its own. */
function toAddons(body: CreateClusterBody): AddonSpec[] {
  const asked = (body.addons ?? []).map(({ name, version, config, disabled }) => ({
    name,
    version,
    config: withoutCredentials(config ?? ""),
    disabled,
  }));
  const audit = body.audit_log_config;
  if (!audit?.enabled || asked.some(({ name }) => name === "logtail-ds")) return asked;
  const config = JSON.stringify({ sls_project_name: audit.sls_project_name ?? "" });
  return [...asked, { name: "logtail-ds", version: undefined, config, disabled: false }];
}

const rollsBack = (disableRollback: boolean, meaning: AckSettings["disableRollbackMeaning"]): boolean =>
  meaning === "text" ? disableRollback : !disableRollback;

const listItems = (list: string | undefined): string[] => (list === undefined ? [] : commaItems(list));
