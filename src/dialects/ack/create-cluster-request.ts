import type { NodePoolSpec } from "../../core/clusters/cluster.ts";
import type { NewCluster } from "../../core/clusters/create-cluster.ts";
import { findInstanceType } from "../../core/nodes/instance-types.ts";
import { networkPlugin } from "./network-plugin.ts";
import { parseNodeNameMode } from "./node-name-mode.ts";
import { type CreateClusterBody, createClusterBody } from "./schemas.ts";

/** Members of a request that are kept encrypted and never shown, by the name that the secret store has for them. */
const secretFields = { login_password: "login-password" } as const;

/** What the documents say of fields that are left out. */
const defaults = {
  clusterDomain: "cluster.local",
  /** Service-account tokens of ACK clusters are issued and accepted under this name. */
  issuer: "https://kubernetes.default.svc",
  nodeCidrMask: 25,
  proxyMode: "ipvs",
  timeoutMinutes: 60,
  systemDisk: { category: "cloud_ssd", sizeGiB: 120 },
  dataDiskCategory: "cloud_efficiency",
  runtime: { name: "docker", version: "19.03.5" },
  platform: "CentOS",
  chargeType: "PostPaid",
  nodePoolName: "default-nodepool",
};

/**
 * What a request means in the core's words. Empty texts and zeros mean "not set", since an old client sends every field.
 * @param body the request after validation
 * @param sent the request as it was sent
 */
export function toNewCluster(accountId: string, body: CreateClusterBody, sent: Record<string, unknown>): NewCluster {
  const plugin = networkPlugin(body);
  const version = body.kubernetes_version || undefined;
  return {
    accountId,
    dialect: "ack",
    name: body.name,
    region: body.region_id,
    spec: {
      kind: "managed",
      requestedVersion: version,
      kubernetesVersion: version?.replace(/-aliyun\.\d+$/, ""),
      network: {
        vpcId: body.vpcid,
        vswitchIds: body.vswitch_ids,
        podVswitchIds: plugin === "terway" ? (body.pod_vswitch_ids ?? []) : [],
        plugin,
        podCidr: plugin === "flannel" ? body.container_cidr || undefined : undefined,
        nodeCidrMask: Number(body.node_cidr_mask || defaults.nodeCidrMask),
        serviceCidr: body.service_cidr,
        proxyMode: body.proxy_mode || defaults.proxyMode,
        clusterDomain: body.cluster_domain || defaults.clusterDomain,
        securityGroupId: body.security_group_id || undefined,
      },
      apiServer: {
        extraSans: listItems(body.custom_san),
        serviceAccountIssuer: body.service_account_issuer || defaults.issuer,
        apiAudiences: body.api_audiences
          ? listItems(body.api_audiences)
          : [body.service_account_issuer || defaults.issuer],
      },
      timezone: body.timezone || undefined,
      deletionProtection: body.deletion_protection ?? false,
      tags: Object.fromEntries((body.tags ?? []).map(({ key, value }) => [key, value ?? ""])),
      creation: {
        timeoutMinutes: body.timeout_mins || defaults.timeoutMinutes,
        // The documents' text, not the field's name, says what it means: true rolls back, and the default is false.
        rollback: body.disable_rollback ?? false,
      },
    },
    nodePools: [toNodePool(body)],
    request: withoutSecrets(sent),
    secrets: secretsOf(body),
    remarks: remarksOn(body),
  };
}

function toNodePool(body: CreateClusterBody): NodePoolSpec {
  const instances = body.instances ?? [];
  return {
    name: defaults.nodePoolName,
    // The named instances join first, and the rest is made: the larger of the two counts wins.
    size: Math.max(body.num_of_nodes ?? 0, instances.length),
    instanceTypes: body.worker_instance_types ?? [],
    vswitchIds: body.vswitch_ids,
    instances,
    systemDisk: {
      category: body.worker_system_disk_category || defaults.systemDisk.category,
      sizeGiB: body.worker_system_disk_size || defaults.systemDisk.sizeGiB,
    },
    dataDisks: (body.worker_data_disks ?? []).map(({ category, size }) => ({
      category: category || defaults.dataDiskCategory,
      sizeGiB: size ?? 0,
    })),
    labels: {},
    taints: (body.taints ?? []).map(({ key, value, effect }) => ({
      key,
      value: value ?? "",
      effect: effect ?? "NoSchedule",
    })),
    runtime: {
      name: body.runtime?.name || defaults.runtime.name,
      version: body.runtime?.version || defaults.runtime.version,
    },
    operatingSystem: body.os_type === "Windows" ? "windows" : "linux",
    platform: body.platform || defaults.platform,
    imageId: body.image_id || undefined,
    nodeName: body.node_name_mode ? parseNodeNameMode(body.node_name_mode) : undefined,
    chargeType: body.worker_instance_charge_type || defaults.chargeType,
    keyPair: body.key_pair || undefined,
  };
}

const listItems = (list: string | undefined): string[] => (list ? list.split(",").map((item) => item.trim()) : []);

/** A copy of the request that may be kept in clear and shown. */
function withoutSecrets(sent: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !Object.hasOwn(secretFields, name)));
}

function secretsOf(body: CreateClusterBody): Record<string, string> {
  const given = Object.entries(secretFields).flatMap(([field, name]) => {
    const value = body[field as keyof typeof secretFields];
    return value ? [[name, value]] : [];
  });
  return Object.fromEntries(given);
}

/** What the user should know about how the request was taken; shown as events of the cluster. */
function remarksOn(body: CreateClusterBody): string[] {
  const unknownFields = Object.keys(body).filter((field) => !Object.hasOwn(createClusterBody.properties, field));
  const unknownTypes = (body.worker_instance_types ?? []).filter((type) => !findInstanceType(type));
  return [
    ...(unknownFields.length > 0
      ? [`These fields are not known and have no effect: ${unknownFields.join(", ")}.`]
      : []),
    ...unknownTypes.map(
      (type) => `Instance type ${type} is not known; a node of it would have 4 CPUs and 8 GiB of memory.`,
    ),
  ];
}
